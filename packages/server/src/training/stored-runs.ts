/**
 * Runs in the database and their files. A checkpoint is written before the row that names its step; killed in between, the
 * file is newer than the row and the run goes on from the file. A LoRA is whole before a style names it.
 */
import type { LossPoint } from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import type { Database, Writer } from '../db/database.ts';
import type { FinishedStyle, RunState, RunStore } from '../engines/training/run-store.ts';
import { StudioError } from '../error.ts';
import type { Blobs } from '../storage/blobs.ts';
import { insertTrainedStyle } from '../styles/styles.ts';
import { lossOf as curvesOf, removeLossFrom } from '../tasks/store/frame-progress.ts';
import { checkpointKey } from '../tasks/store/removal.ts';
import { lockTask } from '../tasks/store/task-locks.ts';

export interface RunProgress {
  step: number;
  loss: LossPoint[];
  lora: string | null;
  styleId: number | null;
}

export class StoredRuns implements RunStore {
  readonly #db: Database;
  readonly #blobs: Blobs;
  readonly #bus: Pick<Bus, 'publish'>;
  /** Of runs that are going on: everything told, saved or not. */
  readonly #live = new Map<number, { step: number; loss: LossPoint[] }>();

  constructor(db: Database, blobs: Blobs, bus: Pick<Bus, 'publish'>) {
    this.#db = db;
    this.#blobs = blobs;
    this.#bus = bus;
  }

  async load(task: number): Promise<RunState> {
    const row = await this.#row(task);
    const checkpoint = await this.#blob(checkpointKey(task));
    const lora = row?.lora ? await this.#blob(row.lora) : null;
    const step = checkpoint ? (row?.step ?? 0) : 0;
    const loss = checkpoint || lora ? lossOf(row) : [];
    this.#live.set(task, { step, loss: [...loss] });
    await this.#db.write((trx) => removeLossFrom(trx, task, step + 1), { durable: false });
    return { checkpoint, step, loss, lora };
  }

  tell(task: number, step: number, point: LossPoint | null): void {
    const live = this.#live.get(task) ?? { step: 0, loss: [] };
    // A run that could not use its checkpoint begins again.
    if (step <= live.step) live.loss = live.loss.filter(([at]) => at < step);
    live.step = step;
    if (point) live.loss.push(point);
    this.#live.set(task, live);
  }

  async save(task: number, step: number, checkpoint: Buffer): Promise<void> {
    const loss = (this.#live.get(task)?.loss ?? []).filter(([at]) => at <= step);
    await this.#blobs.put(checkpointKey(task), checkpoint);
    const known = await this.#db.write(async (trx) => {
      if (!(await exists(trx, task))) return false;
      await upsert(trx, task, { step, loss: JSON.stringify(loss) });
      return true;
    });
    // Deleted while it was told to stop.
    if (!known) await this.#blobs.delete(checkpointKey(task));
  }

  async finish(task: number, { lora, ...style }: FinishedStyle): Promise<void> {
    const key = `loras/trained-${task}.safetensors`;
    const live = this.#live.get(task);
    await this.#blobs.put(key, lora);
    const known = await this.#db.write(async (trx) => {
      if (!(await exists(trx, task))) return false;
      const row = await trx
        .selectFrom('training_runs')
        .select('style_id')
        .where('task_id', '=', task)
        .executeTakeFirst();
      const style_id = row?.style_id ?? (await insertTrainedStyle(trx, { ...style, loraPath: key }));
      await upsert(trx, task, {
        step: live?.step ?? 0,
        loss: JSON.stringify(live?.loss ?? []),
        lora: key,
        style_id,
      });
      return true;
    });
    if (known) this.#bus.publish({ type: 'changed', list: 'styles' });
    await this.#blobs.delete(known ? checkpointKey(task) : key);
  }

  release(task: number): void {
    this.#live.delete(task);
  }

  /** `running`: those whose worker writes what it reaches; of the others counts what was saved. */
  async progressOf(tasks: number[], running: number[]): Promise<Map<number, RunProgress>> {
    const rows = tasks.length === 0 ? [] : await this.#rows(tasks);
    const curves = await curvesOf(this.#db.read, running);
    const known = new Map<number, RunProgress>();
    for (const task of tasks) {
      const row = rows.find(({ task_id }) => task_id === task);
      const curve = new Map([...lossOf(row), ...(curves.get(task) ?? [])]);
      const loss = [...curve].sort(([a], [b]) => a - b);
      const step = Math.max(row?.step ?? 0, loss.at(-1)?.[0] ?? 0);
      known.set(task, { step, loss, lora: row?.lora ?? null, styleId: row?.style_id ?? null });
    }
    return known;
  }

  /** Checkpoints whose run is gone or has ended well: their process died between the two. */
  async removeOrphans(): Promise<void> {
    for await (const { key } of this.#blobs.list('training/')) {
      const task = Number(/^training\/(\d+)\.checkpoint$/.exec(key)?.[1]);
      if (!task) continue;
      const row = await this.#db.read
        .selectFrom('tasks')
        .select('status')
        .where('id', '=', task)
        .executeTakeFirst();
      if (!row || row.status === 'completed') await this.#blobs.delete(key);
    }
  }

  #row(task: number) {
    return this.#db.read
      .selectFrom('training_runs')
      .selectAll()
      .where('task_id', '=', task)
      .executeTakeFirst();
  }

  #rows(tasks: number[]) {
    return this.#db.read.selectFrom('training_runs').selectAll().where('task_id', 'in', tasks).execute();
  }

  async #blob(key: string): Promise<Buffer | null> {
    return this.#blobs.read(key).catch((error) => {
      if (error instanceof StudioError && error.code === 'file_not_found') return null;
      throw error;
    });
  }
}

const lossOf = (row: { loss: string } | undefined): LossPoint[] => (row ? JSON.parse(row.loss) : []);

async function exists(trx: Writer, task: number): Promise<boolean> {
  await lockTask(trx, task);
  return (await trx.selectFrom('tasks').select('id').where('id', '=', task).executeTakeFirst()) !== undefined;
}

function upsert(
  trx: Writer,
  task_id: number,
  values: { step: number; loss: string; lora?: string; style_id?: number },
) {
  return trx
    .insertInto('training_runs')
    .values({ task_id, ...values })
    .onConflict((conflict) => conflict.column('task_id').doUpdateSet(values))
    .execute();
}
