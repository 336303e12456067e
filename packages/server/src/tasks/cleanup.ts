/** Limits the growth of the data folder. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Caller, type CleanupPlan, DAY_MS } from '@limner/contract';
import type { Logger } from 'pino';
import { SYSTEM } from '../access.ts';
import type { Database } from '../db/database.ts';
import type { OutputRow } from '../db/schema.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { TaskNews } from './news.ts';
import { countKept, noPlan, planCleanup } from './store/cleanup-plan.ts';
import {
  type OldTasks,
  oldTaskIds,
  oldTasksAmong,
  unusedUploadIds,
  unusedUploadsAmong,
} from './store/old-rows.ts';
import { type Removal, removeTask, removeUploads } from './store/removal.ts';
import { lockTasksToRemove, lockUploadsToRemove } from './store/task-locks.ts';
import { emptyTrash } from './store/trash.ts';

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
  /** Keeps removed items in the bin. */
  hasBin: boolean;
}

export class Cleanup {
  readonly #db: Database;
  readonly #blobs: Blobs;
  readonly #log: Logger;
  readonly #news: CleanupOptions['news'];
  readonly #days: number;
  readonly #removal: Removal;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor({ db, blobs, log, news, days, hasBin }: CleanupOptions) {
    this.#db = db;
    this.#blobs = blobs;
    this.#log = log;
    this.#news = news;
    this.#days = days;
    this.#removal = { cause: 'cleaned', keep: hasBin };
  }

  /** Aborts a running clean-up. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  /** Deletes what is too old, and files in `trash`. */
  async removeOld(nowMs: number): Promise<CleanupPlan> {
    const taken = await (this.#days > 0
      ? this.#removeBefore(SYSTEM, nowMs, this.#days)
      : this.#removeBefore(SYSTEM, nowMs, UNWANTED_DAYS, 'unwanted'));
    await emptyTrash(this.#db, this.#blobs);
    return taken;
  }

  /** What `run` would remove now. */
  plan(caller: Caller, days: number): Promise<CleanupPlan> {
    const { tasks, uploads } = limits(Date.now(), days);
    return planCleanup(caller, this.#db.read, tasks, uploads);
  }

  /** Cleans up now, independent of the setting. Resolves when the rows are removed; the files follow. */
  async run(caller: Caller, days: number): Promise<CleanupPlan> {
    const work = this.#removeBefore(caller, Date.now(), days);
    this.#running = Promise.allSettled([this.#running, work]).then(() => undefined);
    const taken = await work;
    this.#running = this.#running
      .then(() => emptyTrash(this.#db, this.#blobs))
      .catch((error) => this.#log.error({ err: error }, 'clean-up failed'));
    return taken;
  }

  async #removeBefore(
    caller: Caller,
    nowMs: number,
    days: number,
    which: OldTasks['which'] = 'all',
  ): Promise<CleanupPlan> {
    const before = limits(nowMs, days);
    const sum = { ...noPlan(), kept_tasks: await countKept(caller, this.#db.read, before.tasks) };
    const old = { before: before.tasks, which };
    while (!this.#closed && (await this.#removeTasks(caller, old, sum))) await nextTurn();
    while (!this.#closed && (await this.#removeUploads(caller, before.uploads, sum))) await nextTurn();
    return sum;
  }

  /** True while there may be more. Keeps tasks with a starred picture and tasks that unfinished tasks need. */
  async #removeTasks(caller: Caller, old: OldTasks, sum: CleanupPlan): Promise<boolean> {
    const removed = await this.#db.write(
      async (trx) => {
        const candidates = await oldTaskIds(caller, trx, old, BATCH);
        await lockTasksToRemove(trx, candidates);
        // Read again, because they may have changed before the lock.
        const tasks = await oldTasksAmong(caller, trx, old, candidates);
        const outputs: OutputRow[] = [];
        for (const { id } of tasks) outputs.push(...(await removeTask(trx, id, this.#removal)));
        return { tasks, outputs, mayGoOn: candidates.length === BATCH && tasks.length > 0 };
      },
      { frees: true },
    );
    for (const task of removed.tasks) this.#news.deleted(task);
    sum.tasks += removed.tasks.length;
    sum.pictures += removed.outputs.length;
    sum.size_bytes += removed.outputs.reduce((bytes, { size_bytes }) => bytes + size_bytes, 0);
    return removed.mayGoOn;
  }

  /** Uploads that no task uses any more. */
  async #removeUploads(caller: Caller, before: number, sum: CleanupPlan): Promise<boolean> {
    const removed = await this.#db.write(
      async (trx) => {
        const ids = await unusedUploadIds(caller, trx, before, BATCH);
        await lockUploadsToRemove(trx, ids);
        const rows = await unusedUploadsAmong(caller, trx, before, ids);
        await removeUploads(trx, rows, this.#removal);
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
