/**
 * The files and rows that one try of a training run writes, under the lease of its worker. The checkpoint's file is written
 * before the row with its step. After a kill in between the file is newer than the row, and the run resumes from the file.
 *
 * While the lease is held the worker reports each step. Here the whole curve is written with every checkpoint and at the end
 * of the try, also after a cancel, so that a stopped run keeps every step that its page showed.
 */
import { mkdir } from 'node:fs/promises';
import type { LossPoint, TrainingPhase } from '@limner/contract';
import type { Database, Writer } from '../db/database.ts';
import type { FileBody, OfferedLora, RunFiles, RunState, StoredFile } from '../engines/run-files.ts';
import { progressAt } from '../engines/training/trainer.ts';
import type { Logger } from '../log.ts';
import type { Blobs } from '../storage/blobs.ts';
import { setOlderAside } from '../storage/set-aside.ts';
import type { TaskNews } from '../tasks/news.ts';
import { removeLossFrom, saveLoss } from '../tasks/store/frame-progress.ts';
import { checkpointKey, workFolder } from '../tasks/store/removal.ts';
import { raiseVersion } from '../tasks/store/task-rows.ts';
import { keepCheckpoint } from './keep-checkpoint.ts';
import {
  type Access,
  accessTo,
  curveOf,
  isThere,
  madeAt,
  runRow,
  writeProgress,
  writeRun,
} from './store/run-rows.ts';

/** Between two writes of a sign of life. */
const HEARD_EVERY_MS = 5_000;

export interface HeldRunOptions {
  db: Database;
  blobs: Blobs;
  news: TaskNews;
  log: Pick<Logger, 'warn'>;
  task: number;
  lease: string;
  workDir: string;
  /** Where files are received, on a disk of this machine. */
  incomingDir: string;
}

export class HeldRun implements RunFiles {
  readonly #options: HeldRunOptions;
  #step = 0;
  /** In all. */
  #steps = 0;
  /** Loss points of this try. */
  #points: LossPoint[] = [];
  #isWritten = true;
  #phase: TrainingPhase | null = null;
  /** By `performance.now()`. */
  #heardMs = Number.NEGATIVE_INFINITY;
  #hearing: Promise<void> = Promise.resolve();

  constructor(options: HeldRunOptions) {
    this.#options = options;
  }

  async resumeStep(): Promise<number> {
    return (await runRow(this.#options.db.read, this.#options.task))?.step ?? 0;
  }

  async load(steps: number): Promise<RunState> {
    this.#steps = steps;
    const { db, blobs, task } = this.#options;
    const row = await runRow(db.read, task);
    const madeMs = await madeAt(db.read, task);
    if (!row && madeMs !== null) await setOlderAside(blobs, checkpointKey(task), madeMs);
    const checkpoint = await this.#file(checkpointKey(task));
    const step = checkpoint ? (row?.step ?? 0) : 0;
    this.#step = step;
    await this.#write(async (trx) => {
      await removeLossFrom(trx, task, step + 1);
      if (row) await writeRun(trx, task, { reached: step, phase: null, heard_at: Date.now() });
    }, false);
    return { checkpoint, step, loss: await curveOf(db.read, task, step) };
  }

  reached(step: number, point: LossPoint | null): void {
    // A run that could not use its checkpoint starts again.
    if (step <= this.#step) this.#points = this.#points.filter(([at]) => at < step);
    this.#step = step;
    if (point) this.#points.push(point);
    this.#isWritten = false;
  }

  measured(point: LossPoint): void {
    this.#points.push(point);
    this.#isWritten = false;
  }

  heard(phase: TrainingPhase | null = this.#phase): void {
    const nowMs = performance.now();
    const isNew = phase !== this.#phase;
    if (!isNew && nowMs - this.#heardMs < HEARD_EVERY_MS) return;
    this.#phase = phase;
    this.#heardMs = nowMs;
    const heard_at = Date.now();
    this.#hearing = this.#hearing.then(() => this.#writeHeard(phase, heard_at, isNew));
  }

  /** A phase is published; the page asks for the rest with the steps. A failed write is repeated by the next sign. */
  async #writeHeard(phase: TrainingPhase | null, heard_at: number, isNew: boolean): Promise<void> {
    const { db, news, log, task, lease } = this.#options;
    try {
      const access = await db.write(
        async (trx) => {
          const access = await accessTo(trx, task, lease);
          if (access === 'held') await writeRun(trx, task, { phase, heard_at });
          if (access === 'held' && isNew) await raiseVersion(trx, task);
          return access;
        },
        { durable: false },
      );
      if (access === 'held' && isNew) await news.changed(task);
    } catch (error) {
      log.warn({ err: error, task }, 'a sign of life of a training was not written');
    }
  }

  async saveCheckpoint(step: number, body: FileBody): Promise<void> {
    const { db, blobs, task, lease } = this.#options;
    const access = await db.write((trx) => accessTo(trx, task, lease), { durable: false });
    if (access === 'none') return discard(body);
    await blobs.put(checkpointKey(task), body);
    // Steps after a cancel are not reported, but a checkpoint may include them.
    this.#step = Math.max(this.#step, step);
    const written = await this.#write((trx) => this.#writeReached(trx, { step }), true);
    // The task was deleted while the run was stopping.
    if (written === 'none' && !(await isThere(db.read, task))) await blobs.delete(checkpointKey(task));
  }

  async keepLora(lora: OfferedLora): Promise<void> {
    const { news, log, task } = this.#options;
    try {
      if (await keepCheckpoint(this.#options, this.#options, lora)) await news.changed(task);
    } catch (error) {
      log.warn({ err: error, task, step: lora.step }, 'the LoRA after a step was not kept');
    }
  }

  async workDir(): Promise<string> {
    await mkdir(this.#options.workDir, { recursive: true });
    return this.#options.workDir;
  }

  /** A failed write here does not fail the run, which has ended. */
  async end(): Promise<void> {
    const { db, blobs, log, task } = this.#options;
    await this.#hearing;
    try {
      if (!this.#isWritten) await this.#write((trx) => this.#writeReached(trx, {}), true);
      // The task was deleted while it ran; its folder may have been made again since.
      if (!(await isThere(db.read, task))) await blobs.deleteFolder(workFolder(task));
    } catch (error) {
      log.warn({ err: error, task }, 'the end of a training could not be written');
    }
  }

  async #writeReached(trx: Writer, values: { step?: number }): Promise<void> {
    const { task, lease } = this.#options;
    this.#isWritten = true;
    await saveLoss(trx, task, this.#points);
    await writeRun(trx, task, { reached: this.#step, ...values });
    await writeProgress(trx, { task, lease }, progressAt(this.#step, this.#steps));
  }

  /** Publishes the change if no worker holds the task, because no worker reports it then. */
  async #write(work: (trx: Writer) => Promise<void>, durable: boolean): Promise<Access> {
    const { db, news, task, lease } = this.#options;
    const written = await db.write(
      async (trx) => {
        const access = await accessTo(trx, task, lease);
        if (access !== 'none') await work(trx);
        if (access === 'free') await raiseVersion(trx, task);
        return access;
      },
      { durable },
    );
    if (written === 'free') await news.changed(task);
    return written;
  }

  async #file(key: string): Promise<StoredFile | null> {
    const { blobs } = this.#options;
    const stat = await blobs.stat(key);
    return (
      stat && { sizeBytes: stat.sizeBytes, read: () => blobs.read(key), stream: () => blobs.stream(key) }
    );
  }
}

function discard(body: FileBody): void {
  if (!Buffer.isBuffer(body)) body.destroy();
}
