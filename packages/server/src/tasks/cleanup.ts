/** Keeps the data folder from growing for ever, and from keeping what no row names. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { thumbKeys } from '../images/thumbnail.ts';
import type { Blobs } from '../storage/blobs.ts';
import { outputFileName } from '../uploads/image-ref.ts';
import * as store from './store.ts';
import { emptyTrash } from './trash.ts';

const DAY_MS = 86_400_000;
const ROUND_MS = 3_600_000;
const BATCH = 200;

export interface CleanupOptions {
  db: Database;
  blobs: Blobs;
  log: Logger;
  uploads: { removeOrphans(beforeMs: number): Promise<void> };
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

  async removeOld(nowMs: number): Promise<void> {
    const { db, blobs, days } = this.#o;
    if (days > 0) {
      const before = nowMs - days * DAY_MS;
      while (!this.#closed && (await this.#removeTasks(before))) await nextTurn();
      while (!this.#closed && (await this.#removeUploads(before))) await nextTurn();
    }
    await emptyTrash(db, blobs);
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
    const name = outputFileName(key.slice('outputs/'.length));
    if (!name) return false;
    const frame = await this.#o.db.read
      .selectFrom('frames')
      .select(['status', 'file'])
      .where('task_id', '=', name.task)
      .where('frame_index', '=', name.index)
      .executeTakeFirst();
    return !frame || (frame.file !== key && !store.UNFINISHED.includes(frame.status));
  }

  /** True while there may be more. */
  #removeTasks(before: number): Promise<boolean> {
    return this.#o.db.write(async (trx) => {
      const rows = await trx
        .selectFrom('tasks')
        .select('id')
        .where('completed_at', '<', before)
        .orderBy('completed_at')
        .limit(BATCH)
        .execute();
      for (const { id } of rows) await store.removeTask(trx, id);
      return rows.length === BATCH;
    });
  }

  /** Uploads that no task uses any more. */
  #removeUploads(before: number): Promise<boolean> {
    return this.#o.db.write(async (trx) => {
      const rows = await trx
        .selectFrom('uploads')
        .select(['id', 'file'])
        .where('created_at', '<', before)
        .where((eb) =>
          eb.not(
            eb.exists(eb.selectFrom('task_inputs').select('image').whereRef('image', '=', 'uploads.id')),
          ),
        )
        .limit(BATCH)
        .execute();
      if (rows.length === 0) return false;
      await store.rememberFiles(
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
      return rows.length === BATCH;
    });
  }

  #round(work: () => Promise<void>): void {
    this.#running = this.#running
      .then(work)
      .catch((error) => this.#o.log.error({ err: error }, 'clean-up failed'));
  }
}
