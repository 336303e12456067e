/**
 * Checkpoints of trainings, and the styles they make. A LoRA is whole before the frame ends, and the style is made in
 * the transaction that ends it: a worker that lost the task makes none.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { MAX_LORA_BYTES } from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import type { Database, Writer } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import type { FileBody, RunFiles } from '../engines/run-files.ts';
import type { Logger } from '../log.ts';
import type { Blobs } from '../storage/blobs.ts';
import { setOlderAside } from '../storage/set-aside.ts';
import { insertTrainedStyle } from '../styles/styles.ts';
import type { TaskNews } from '../tasks/news.ts';
import { planOf } from '../tasks/plan.ts';
import type { KeptLora, Runs } from '../tasks/run/frame-run.ts';
import { checkpointKey, WORK_FOLDERS, workFolder } from '../tasks/store/removal.ts';
import { received } from '../uploads/receive.ts';
import { HeldRun } from './held-run.ts';
import { isDoneWithFiles, isUnwanted, runRow, writeRun } from './store/run-rows.ts';
import { trainedLora } from './trained-lora.ts';

export interface TrainingRunsOptions {
  db: Database;
  blobs: Blobs;
  bus: Bus;
  news: TaskNews;
  log: Pick<Logger, 'warn'>;
  /** Contains the work folders of runs. */
  dataDir: string;
}

export const loraKey = (task: number): string => `loras/trained-${task}.safetensors`;

export class TrainingRuns implements Runs {
  readonly #options: TrainingRunsOptions;

  constructor(options: TrainingRunsOptions) {
    this.#options = options;
  }

  filesOf(task: number, lease: string): RunFiles {
    const { dataDir, ...parts } = this.#options;
    return new HeldRun({ ...parts, task, lease, workDir: path.join(dataDir, workFolder(task)) });
  }

  /**
   * Writes the whole file, flushed, before the frame ends and the style is made. `family`: that the run trained for; the
   * answer names what the file fits. @throws StudioError `lora_broken`, `lora_unknown`, `lora_unclear`
   */
  async keepLora(task: TaskRow, lora: FileBody, family: string): Promise<KeptLora> {
    const { blobs, dataDir } = this.#options;
    const { id, created_at } = task;
    const { training, references } = planOf(task).recipe;
    if (!training) throw new Error(`task ${id} is no training`);
    const trained = { trainer: task.family, family, task: id, atMs: created_at, training };
    const body = Buffer.isBuffer(lora) ? Readable.from([lora]) : lora;
    const receiving = { folder: path.join(dataDir, '.tmp', 'incoming'), limitBytes: MAX_LORA_BYTES };
    return received(body, receiving, async (file) => {
      const read = await trainedLora(file, { ...trained, pictures: references.length });
      const key = loraKey(id);
      await setOlderAside(blobs, key, created_at);
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
    const made = (await runRow(trx, task.id))?.style_id;
    const style_id = made ?? (await insertTrainedStyle(trx, style));
    await writeRun(trx, task.id, { lora: lora.key, style_id });
  }

  /** Called after that transaction. */
  async completed(task: number): Promise<void> {
    this.#options.bus.publish({ type: 'changed', list: 'styles' });
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
