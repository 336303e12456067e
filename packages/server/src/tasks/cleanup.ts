/** Limits the growth of the data folder. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CleanupPlan } from '@limner/contract';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { TaskNews } from './news.ts';
import { countKept, noPlan, planCleanup } from './store/cleanup-plan.ts';
import { oldTasks, unusedUploads } from './store/old-rows.ts';
import { rememberFiles, removeTask } from './store/removal.ts';
import { framesOfAll } from './store/task-list.ts';
import { lockTasksToRemove, lockUploadsToRemove } from './store/task-locks.ts';
import { emptyTrash } from './store/trash.ts';

const DAY_MS = 86_400_000;
/** Number of tasks removed in one transaction, so that others do not wait long. */
const BATCH = 50;
const UNWANTED_DAYS = 7;

export interface CleanupOptions {
  db: Database;
  blobs: Blobs;
  log: Logger;
  news: Pick<TaskNews, 'deleted'>;
  /**
   * Age at which ended tasks and unused uploads are deleted. 0 keeps every picture; unused uploads, and failed and
   * cancelled tasks without a picture, are deleted after a week.
   */
  days: number;
}

export class Cleanup {
  readonly #o: CleanupOptions;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: CleanupOptions) {
    this.#o = options;
  }

  /** Aborts a running clean-up. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  /** Deletes what is too old, and files in `trash`. */
  async removeOld(nowMs: number): Promise<CleanupPlan> {
    const { days } = this.#o;
    const taken = await (days > 0
      ? this.#removeBefore(nowMs, days)
      : this.#removeBefore(nowMs, UNWANTED_DAYS, 'unwanted'));
    await emptyTrash(this.#o.db, this.#o.blobs);
    return taken;
  }

  /** What `run` would delete now. */
  plan(days: number): Promise<CleanupPlan> {
    const { tasks, uploads } = limits(Date.now(), days);
    return planCleanup(this.#o.db.read, tasks, uploads);
  }

  /** Runs now with the given age. Resolves when the rows are deleted; the files follow. */
  async run(days: number): Promise<CleanupPlan> {
    const work = this.#removeBefore(Date.now(), days);
    this.#running = Promise.allSettled([this.#running, work]).then(() => undefined);
    const taken = await work;
    this.#running = this.#running
      .then(() => emptyTrash(this.#o.db, this.#o.blobs))
      .catch((error) => this.#o.log.error({ err: error }, 'clean-up failed'));
    return taken;
  }

  async #removeBefore(nowMs: number, days: number, which: 'all' | 'unwanted' = 'all'): Promise<CleanupPlan> {
    const before = limits(nowMs, days);
    const sum = { ...noPlan(), kept_tasks: await countKept(this.#o.db.read, before.tasks) };
    while (!this.#closed && (await this.#removeTasks(before.tasks, sum, which))) await nextTurn();
    while (!this.#closed && (await this.#removeUploads(before.uploads, sum))) await nextTurn();
    return sum;
  }

  /** True while there may be more. A task with a starred picture, or one that is still needed, is kept. */
  async #removeTasks(before: number, sum: CleanupPlan, which: 'all' | 'unwanted'): Promise<boolean> {
    const removed = await this.#o.db.write(
      async (trx) => {
        const candidates = (await oldTasks(trx, before, which).limit(BATCH).execute()).map(({ id }) => id);
        await lockTasksToRemove(trx, candidates);
        // Read again under the lock.
        const tasks = await oldTasks(trx, before, which).where('id', 'in', candidates).execute();
        const frames = await framesOfAll(
          trx,
          tasks.map(({ id }) => id),
        );
        for (const { id } of tasks) await removeTask(trx, id);
        return {
          tasks,
          frames: [...frames.values()].flat(),
          mayGoOn: candidates.length === BATCH && tasks.length > 0,
        };
      },
      { frees: true },
    );
    for (const task of removed.tasks) this.#o.news.deleted(task);
    const outputs = removed.frames.flatMap((frame) => frame.outputs);
    sum.tasks += removed.tasks.length;
    sum.pictures += outputs.length;
    sum.size_bytes += outputs.reduce((bytes, { size_bytes }) => bytes + size_bytes, 0);
    return removed.mayGoOn;
  }

  /** Deletes uploads that no task uses. */
  async #removeUploads(before: number, sum: CleanupPlan): Promise<boolean> {
    const removed = await this.#o.db.write(
      async (trx) => {
        const candidates = await unusedUploads(trx, before).select('id').limit(BATCH).execute();
        const ids = candidates.map(({ id }) => id);
        await lockUploadsToRemove(trx, ids);
        const rows = await unusedUploads(trx, before)
          .select(['id', 'file', 'size_bytes'])
          .where('id', 'in', ids)
          .execute();
        await rememberFiles(
          trx,
          rows.map(({ file }) => file),
        );
        await trx
          .deleteFrom('uploads')
          .where(
            'id',
            'in',
            rows.map(({ id }) => id),
          )
          .execute();
        return { rows, mayGoOn: ids.length === BATCH && rows.length > 0 };
      },
      { frees: true },
    );
    sum.uploads += removed.rows.length;
    sum.size_bytes += removed.rows.reduce((bytes, { size_bytes }) => bytes + size_bytes, 0);
    return removed.mayGoOn;
  }
}

/** An upload may be the picture of a form that is still open: it is kept for at least a day. */
const limits = (nowMs: number, days: number) => ({
  tasks: nowMs - days * DAY_MS,
  uploads: nowMs - Math.max(1, days) * DAY_MS,
});
