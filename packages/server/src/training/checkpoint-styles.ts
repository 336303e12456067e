/**
 * Makes the LoRA after an earlier step the one of the run's style. The style keeps its id, and gets a copy of the file, so
 * that style and run can be deleted apart. The LoRA that it had stays as an output of the run. A run without a style,
 * because it did not end well or its style was deleted, gets one.
 */
import { type Caller, StudioError } from '@limner/contract';
import { refuseStranger } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import type { Database, Writer } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import { type Checkpoint, checkpointsOf } from '../outputs/checkpoints-store.ts';
import { outputKey } from '../outputs/output-name.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { SentStyles } from '../styles/sent-styles.ts';
import { insertTrainedStyle, replaceLora } from '../styles/styles.ts';
import type { TaskNews } from '../tasks/news.ts';
import { planOf } from '../tasks/plan.ts';
import { lockTask } from '../tasks/store/task-locks.ts';
import { raiseVersion } from '../tasks/store/task-rows.ts';
import { emptyTrash } from '../tasks/store/trash.ts';
import { provenanceOf } from './keep-checkpoint.ts';
import { checkpointLoraKey, readLoraKey } from './lora-keys.ts';
import { insertCheckpoint, type NewCheckpoint } from './store/checkpoint-rows.ts';
import { type RunRow, runRow, writeRun } from './store/run-rows.ts';
import { findTraining } from './store/training-rows.ts';

export interface CheckpointStylesOptions {
  db: Database;
  blobs: Blobs;
  bus: Pick<Bus, 'publish'>;
  news: Pick<TaskNews, 'changed'>;
  sentStyles: Pick<SentStyles, 'sendTrained'>;
}

interface ChosenCheckpoint {
  step: number;
  /** Of the whole run. */
  steps: number;
  /** That the run trained for. */
  family: string;
}

export class CheckpointStyles {
  readonly #options: CheckpointStylesOptions;

  constructor(options: CheckpointStylesOptions) {
    this.#options = options;
  }

  /** @throws StudioError `task_not_found`, `checkpoint_not_found`, `style_in_use` */
  async choose(caller: Caller, id: number, chosen: ChosenCheckpoint): Promise<void> {
    refuseStranger(caller);
    const { db, blobs, bus, news, sentStyles } = this.#options;
    const task = await findTraining(caller, db.read, id);
    if (!task) throw new StudioError('task_not_found', { data: { id }, field: 'id' });
    const kept = await checkpointsOf(db.read, id);
    const checkpoint = kept.find(({ step }) => step === chosen.step);
    if (!checkpoint)
      throw new StudioError('checkpoint_not_found', { data: { task: id, step: chosen.step }, field: 'step' });
    const run = await runRow(db.read, id);
    if (run?.style_id != null && run.lora !== null && isOf(run.lora, chosen)) return;
    const key = checkpointLoraKey(id, chosen.step);
    await blobs.put(key, await blobs.stream(checkpoint.row.file));
    const earlier = await this.#earlier(task, run, kept, chosen);
    const isWritten = await this.#write(caller, task, { run, checkpoint, key, earlier }).catch(
      async (error) => {
        await this.#discard(key, earlier);
        throw error;
      },
    );
    if (!isWritten) {
      await this.#discard(key, earlier);
      return this.choose(caller, id, chosen);
    }
    bus.publish({ type: 'changed', list: 'styles' });
    await news.changed(id);
    await sentStyles.sendTrained((await runRow(db.read, id))?.style_id ?? null);
    // The next clean-up removes the rest.
    await emptyTrash(db, blobs).catch(() => undefined);
  }

  /** False, with nothing written: another request has chosen meanwhile. */
  #write(
    caller: Caller,
    task: TaskRow,
    {
      run,
      checkpoint,
      key,
      earlier,
    }: { run: RunRow | undefined; checkpoint: Checkpoint; key: string; earlier: NewCheckpoint | null },
  ): Promise<boolean> {
    return this.#options.db.write(async (trx) => {
      await lockTask(trx, task.id);
      const now = await runRow(trx, task.id);
      if (now?.lora !== run?.lora || now?.style_id !== run?.style_id) return false;
      const lora = { family: checkpoint.model, loraPath: key };
      const style_id = await styleWith(caller, trx, { task, style: run?.style_id ?? null, lora });
      if (earlier) await insertCheckpoint(trx, earlier);
      await writeRun(trx, task.id, { lora: key, style_id });
      await raiseVersion(trx, task.id);
      return true;
    });
  }

  /** The LoRA after the last step becomes an output when the style gets another one. null: it is one, or there is none. */
  async #earlier(
    task: TaskRow,
    run: RunRow | undefined,
    kept: readonly Checkpoint[],
    { steps, family }: ChosenCheckpoint,
  ): Promise<NewCheckpoint | null> {
    const { blobs } = this.#options;
    const model = kept[0]?.model ?? family;
    if (run?.style_id == null || run.lora === null || readLoraKey(run.lora)?.step !== null) return null;
    if (kept.some(({ step }) => step === steps) || !(await blobs.stat(run.lora))) return null;
    const place = 1 + kept.reduce((most, { row }) => Math.max(most, row.place), 0);
    const file = outputKey({ task: task.id, frame: 0, place }, 'training', 'safetensors');
    const { sizeBytes: size_bytes } = await blobs.put(file, await blobs.stream(run.lora));
    const provenance = provenanceOf(task, { steps, family, details: { step: steps, model } });
    return { task_id: task.id, place, file, size_bytes, provenance };
  }

  async #discard(key: string, earlier: NewCheckpoint | null): Promise<void> {
    const { db, blobs } = this.#options;
    await blobs.delete(key);
    if (!earlier) return;
    const kept = await checkpointsOf(db.read, earlier.task_id);
    if (!kept.some(({ row }) => row.file === earlier.file)) await blobs.delete(earlier.file);
  }
}

const isOf = (key: string, { step, steps }: ChosenCheckpoint): boolean =>
  (readLoraKey(key)?.step ?? steps) === step;

/** Its id. */
async function styleWith(
  caller: Caller,
  trx: Writer,
  { task, style, lora }: { task: TaskRow; style: number | null; lora: { family: string; loraPath: string } },
): Promise<number> {
  if (style !== null) {
    await replaceLora(caller, trx, style, lora);
    return style;
  }
  const { training } = planOf(task).recipe;
  if (!training) throw new Error(`task ${task.id} is no training`);
  const { style_name: name, style_type: type, trigger_words: triggerWords } = training;
  return insertTrainedStyle(trx, { name, type, triggerWords, ...lora });
}
