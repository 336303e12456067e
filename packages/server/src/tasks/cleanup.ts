/** Keeps the data folder from growing for ever, and from keeping what no row names. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CleanupPlan } from '@limner/contract';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database, Writer } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import { thumbKeys } from '../images/thumbnail.ts';
import { parseOutputKey } from '../outputs/output-name.ts';
import type { Blobs } from '../storage/blobs.ts';
import { countKept, noPlan, planCleanup } from './store/cleanup-plan.ts';
import { isUnread } from './store/readers.ts';
import { rememberFiles, removeTask } from './store/removal.ts';
import { framesOfAll } from './store/task-list.ts';
import { lockTasksToRemove, lockUploadsToRemove } from './store/task-locks.ts';
import { readTask, UNFINISHED } from './store/task-rows.ts';
import { emptyTrash } from './store/trash.ts';

const DAY_MS = 86_400_000;
const ROUND_MS = 3_600_000;
/** Removed in one transaction; others wait no longer than that takes. */
const BATCH = 50;

export interface CleanupOptions {
  db: Database;
  blobs: Blobs;
  log: Logger;
  uploads: { removeOrphans(beforeMs: number): Promise<void> };
  /** Tells those who look that a task is gone. */
  live: { deleted(task: TaskRow): void };
  /** Age at which ended tasks and unused uploads go; 0 keeps everything. */
  days: number;
}

export class Cleanup {
  readonly #o: CleanupOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: CleanupOptions) {
    this.#o = options;
  }

  /** First the left-overs of a crash, then what is too old, now and every hour. */
  start(): void {
    const startedMs = Date.now();
    this.#round(() => this.removeOrphans(startedMs));
    this.#round(() => this.#o.uploads.removeOrphans(startedMs));
    this.#round(() => this.removeOld(Date.now()));
    this.#timer = setInterval(() => this.#round(() => this.removeOld(Date.now())), ROUND_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#running;
  }

  async removeOld(nowMs: number): Promise<CleanupPlan> {
    const { days } = this.#o;
    const taken = days > 0 ? await this.#removeBefore(nowMs, days) : noPlan();
    await emptyTrash(this.#o.db, this.#o.blobs);
    return taken;
  }

  /** What `run` would take now. */
  plan(days: number): Promise<CleanupPlan> {
    const { tasks, uploads } = limits(Date.now(), days);
    return planCleanup(this.#o.db.read, tasks, uploads);
  }

  /** Now, whatever the setting says. Answers when the rows are gone; the files follow. */
  async run(days: number): Promise<CleanupPlan> {
    const work = this.#removeBefore(Date.now(), days);
    this.#running = Promise.allSettled([this.#running, work]).then(() => undefined);
    const taken = await work;
    this.#round(() => emptyTrash(this.#o.db, this.#o.blobs));
    return taken;
  }

  async #removeBefore(nowMs: number, days: number): Promise<CleanupPlan> {
    const before = limits(nowMs, days);
    const sum = { ...noPlan(), kept_tasks: await countKept(this.#o.db.read, before.tasks) };
    while (!this.#closed && (await this.#removeTasks(before.tasks, sum))) await nextTurn();
    while (!this.#closed && (await this.#removeUploads(before.uploads, sum))) await nextTurn();
    return sum;
  }

  /**
   * Outputs that were whole before their process died, but whose row was never written. Only files older than `beforeMs`,
   * and none of a frame that still has work: its next run writes the same file, perhaps at this very moment.
   */
  async removeOrphans(beforeMs: number): Promise<void> {
    const { blobs } = this.#o;
    for await (const { key, modifiedMs } of blobs.list('outputs/')) {
      if (this.#closed) return;
      if (modifiedMs >= beforeMs || !(await this.#isOrphan(key))) continue;
      const now = await blobs.stat(key);
      if (!now || now.modifiedMs >= beforeMs) continue;
      for (const orphan of [key, ...thumbKeys(key)]) await blobs.delete(orphan);
    }
  }

  /** Files under other names than ours are not ours to remove. */
  async #isOrphan(key: string): Promise<boolean> {
    const name = parseOutputKey(key);
    if (!name) return false;
    const found = await readTask(this.#o.db.read, name.task);
    const frame = found?.frames.find(({ frame_index }) => frame_index === name.frame);
    if (!frame) return true;
    return !UNFINISHED.includes(frame.status) && frame.outputs.every(({ file }) => file !== key);
  }

  /** True while there may be more. A task with a starred picture, or one that is still needed, stays, however old. */
  async #removeTasks(before: number, sum: CleanupPlan): Promise<boolean> {
    const removed = await this.#o.db.write(async (trx) => {
      const candidates = (await oldTasks(trx, before).limit(BATCH).execute()).map(({ id }) => id);
      await lockTasksToRemove(trx, candidates);
      // As they are now that nobody else can change them.
      const tasks = await oldTasks(trx, before).where('id', 'in', candidates).execute();
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
    });
    for (const task of removed.tasks) this.#o.live.deleted(task);
    const outputs = removed.frames.flatMap((frame) => frame.outputs);
    sum.tasks += removed.tasks.length;
    sum.pictures += outputs.length;
    sum.size_bytes += outputs.reduce((bytes, { size_bytes }) => bytes + size_bytes, 0);
    return removed.mayGoOn;
  }

  /** Uploads that no task uses any more. */
  async #removeUploads(before: number, sum: CleanupPlan): Promise<boolean> {
    const removed = await this.#o.db.write(async (trx) => {
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
    });
    sum.uploads += removed.rows.length;
    sum.size_bytes += removed.rows.reduce((bytes, { size_bytes }) => bytes + size_bytes, 0);
    return removed.mayGoOn;
  }

  #round(work: () => Promise<unknown>): void {
    this.#running = this.#running
      .then(async () => void (await work()))
      .catch((error) => this.#o.log.error({ err: error }, 'clean-up failed'));
  }
}

const oldTasks = (trx: Writer, before: number) =>
  trx
    .selectFrom('tasks')
    .selectAll()
    .where('stars', '=', sql.lit(0))
    .where('completed_at', '<', before)
    .where(isUnread)
    .orderBy('completed_at');

const unusedUploads = (trx: Writer, before: number) =>
  trx
    .selectFrom('uploads')
    .where('created_at', '<', before)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('task_inputs').select('image').whereRef('image', '=', 'uploads.id'))),
    );

/** An upload may be the picture of a form that is still open: it gets a day at least. */
const limits = (nowMs: number, days: number) => ({
  tasks: nowMs - days * DAY_MS,
  uploads: nowMs - Math.max(1, days) * DAY_MS,
});
