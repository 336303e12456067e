/**
 * Checkpoints of trainings, and the styles they make. A LoRA is whole before the frame ends, and the style is made in
 * the transaction that ends it: a worker that lost the task makes none.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { SYSTEM } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import type { Database, Writer } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import type { FileBody, RunFiles } from '../engines/run-files.ts';
import type { Logger } from '../log.ts';
import type { Blobs } from '../storage/blobs.ts';
import { setOlderAside } from '../storage/set-aside.ts';
import type { SentStyles } from '../styles/sent-styles.ts';
import { insertTrainedStyle, replaceLora } from '../styles/styles.ts';
import type { TaskNews } from '../tasks/news.ts';
import { planOf } from '../tasks/plan.ts';
import type { KeptLora, Runs } from '../tasks/run/frame-run.ts';
import { checkpointKey, WORK_FOLDERS, workFolder } from '../tasks/store/removal.ts';
import { HeldRun } from './held-run.ts';
import { readAsTrained } from './keep-checkpoint.ts';
import { loraKey } from './lora-keys.ts';
import { isDoneWithFiles, isUnwanted, runRow, writeRun } from './store/run-rows.ts';

export interface TrainingRunsOptions {
  db: Database;
  blobs: Blobs;
  bus: Bus;
  news: TaskNews;
  log: Pick<Logger, 'warn'>;
  sentStyles: Pick<SentStyles, 'sendTrained'>;
  /** Contains the work folders of runs. */
  dataDir: string;
}

export class TrainingRuns implements Runs {
  readonly #options: TrainingRunsOptions;

  constructor(options: TrainingRunsOptions) {
    this.#options = options;
  }

  filesOf(task: number, lease: string): RunFiles {
    const { dataDir, ...parts } = this.#options;
    const workDir = path.join(dataDir, workFolder(task));
    return new HeldRun({ ...parts, task, lease, workDir, incomingDir: this.#incomingDir });
  }

  get #incomingDir(): string {
    return path.join(this.#options.dataDir, '.tmp', 'incoming');
  }

  /**
   * Writes the whole file, flushed, before the frame ends and the style is made. `family`: that the run trained for; the
   * answer names what the file fits. @throws StudioError `lora_broken`, `lora_unknown`, `lora_unclear`
   */
  async keepLora(task: TaskRow, lora: FileBody, family: string): Promise<KeptLora> {
    const { blobs } = this.#options;
    return readAsTrained({ task, family, body: lora, incomingDir: this.#incomingDir }, async (read) => {
      const key = loraKey(task.id);
      await setOlderAside(blobs, key, task.created_at);
      await blobs.put(key, read.body);
      return { key, family: read.family };
    });
  }

  /** Part of the transaction that ends the frame. Makes the style once; a repeated call finds it. */
  async complete(trx: Writer, task: TaskRow, lora: KeptLora): Promise<void> {
    const { training } = planOf(task).recipe;
    if (!training) throw new Error(`task ${task.id} is no training`);
    const { style_name: name, style_type: type, trigger_words: triggerWords } = training;
    const style = { name, type, triggerWords, family: lora.family, loraPath: lora.key };
    const run = await runRow(trx, task.id);
    const made = run?.style_id ?? null;
    // A checkpoint was chosen before the run ended.
    if (made !== null && run?.lora !== lora.key) await replaceLora(SYSTEM, trx, made, style);
    const style_id = made ?? (await insertTrainedStyle(trx, style));
    await writeRun(trx, task.id, { lora: lora.key, style_id });
  }

  /** Called after that transaction. */
  async completed(task: number): Promise<void> {
    const { db, bus, sentStyles } = this.#options;
    bus.publish({ type: 'changed', list: 'styles' });
    await sentStyles.sendTrained((await runRow(db.read, task))?.style_id ?? null);
    await this.#removeFiles(task);
  }

  /** Called if the lease was lost. If another worker holds the task, the file stays, because that worker writes the same file. */
  async discardLora(task: number, key: string): Promise<void> {
    if (await isUnwanted(this.#options.db.read, task, key)) await this.#options.blobs.delete(key);
  }

  /**
   * Removes checkpoints and work folders that a process left when it died: of completed trainings, and of animations that
   * have ended. What belongs to no task stays.
   */
  async removeLeftOvers(): Promise<void> {
    const { db, blobs, dataDir } = this.#options;
    const left = new Set<number>();
    for await (const { key } of blobs.list('training/'))
      left.add(Number(/^training\/(\d+)\.checkpoint$/.exec(key)?.[1]));
    for (const name of await readdir(path.join(dataDir, WORK_FOLDERS)).catch(() => []))
      left.add(Number(name));
    for (const task of left)
      if (Number.isInteger(task) && (await isDoneWithFiles(db.read, task))) await this.#removeFiles(task);
  }

  async #removeFiles(task: number): Promise<void> {
    const { blobs } = this.#options;
    await blobs.delete(checkpointKey(task));
    await blobs.deleteFolder(workFolder(task));
  }
}
