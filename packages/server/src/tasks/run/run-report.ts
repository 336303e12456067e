/**
 * Reports of a worker about a task it holds: events on the bus at once, rows at most once a second. Work that takes
 * less than a second writes no progress at all.
 *
 * An event about some frames is complete for a client that has the event before: it names every frame whose row changed
 * since. Progress events have versions between two of the row's.
 */
import type { LossPoint } from '@limner/contract';
import type { Database, Writer } from '../../db/database.ts';
import type { Logger } from '../../log.ts';
import type { TaskNews } from '../news.ts';
import { type Preview, saveProgress } from '../store/frame-progress.ts';
import { RunMemory } from './run-memory.ts';

/** Pause between two writes of one task. */
const SAVE_EVERY_MS = 1_000;

export interface RunReportOptions {
  db: Database;
  news: TaskNews;
  log: Pick<Logger, 'warn'>;
}

export class RunReport {
  readonly #options: RunReportOptions;
  readonly #task: { id: number; lease: string };
  readonly #memory = new RunMemory();
  /** Frames whose preview has been written. */
  readonly #shown = new Set<number>();
  #timer: NodeJS.Timeout | null = null;
  /** By `performance.now()`, which clock changes do not affect. */
  #dueMs = 0;
  #savedMs = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: RunReportOptions, task: { id: number; lease: string }) {
    this.#options = options;
    this.#task = task;
  }

  progress(index: number, fraction: number, loss?: LossPoint): void {
    if (!this.#memory.progress(index, fraction, loss)) return;
    this.#saveIn(SAVE_EVERY_MS);
    this.#publishProgress(index);
  }

  waits(index: number, behind: number | null): void {
    if (!this.#memory.waits(index, behind)) return;
    this.#saveIn(SAVE_EVERY_MS);
    this.#publishProgress(index);
  }

  /** Published after it is written, so that every process can read it. */
  preview(index: number, preview: Preview): void {
    this.#memory.preview(index, preview);
    this.#saveIn(Math.max(0, this.#savedMs + SAVE_EVERY_MS - performance.now()));
  }

  /** True if a preview was written, which must be removed when the frame ends. */
  hasPreview(index: number): boolean {
    return this.#shown.has(index);
  }

  /** Called when a try of the frame starts, and when the frame has ended. */
  forget(index: number): void {
    this.#memory.forget(index);
    this.#shown.delete(index);
  }

  /** Called after rows of the task changed. Never throws: the next report is complete again. */
  async changed(): Promise<void> {
    const { news, log } = this.#options;
    if (!news.mayBeHeard) return;
    try {
      const rows = await news.read(this.#task.id);
      const about = rows ? this.#memory.learn(rows) : 'nothing';
      if (about !== 'nothing') this.#publish(about);
    } catch (error) {
      log.warn({ err: error, task: this.#task.id }, 'a change was not reported');
    }
  }

  /** The next holder of the task reports it. */
  close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    return this.#saving;
  }

  #publishProgress(index: number): void {
    if (!this.#options.news.mayBeHeard) return;
    // No client listened when the rows changed, so they were not read; they are read and published now.
    if (this.#memory.current) this.#publish([index]);
    else void this.changed();
  }

  #publish(about: number[] | null): void {
    const rows = this.#memory.current;
    const version = rows && this.#memory.nextVersion();
    if (version) this.#options.news.publish(rows, { about, version, loss: this.#memory.newestLoss });
  }

  #saveIn(ms: number): void {
    const dueMs = performance.now() + ms;
    if (this.#isClosed || (this.#timer && this.#dueMs <= dueMs)) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => this.#save(), ms);
  }

  #save(): void {
    this.#timer = null;
    this.#savedMs = performance.now();
    const { log } = this.#options;
    this.#saving = this.#saving
      .then(() => this.#write())
      .catch((error) => log.warn({ err: error, task: this.#task.id }, 'progress was not written'));
  }

  async #write(): Promise<void> {
    const frames = this.#memory.takeUnsaved();
    if (frames.length === 0) return;
    for (const { index, preview } of frames) if (preview) this.#shown.add(index);
    // Not durable: after a power cut the next second writes it again.
    const save = (trx: Writer) => saveProgress(trx, this.#task, frames);
    if (await this.#options.db.write(save, { durable: false })) await this.changed();
  }
}
