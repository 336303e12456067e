/** Tells the other processes that this one is here, every ten seconds, with how busy it is. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Database } from '../db/database.ts';
import type { ProcessesTable } from '../db/schema.ts';
import type { Logger } from '../log.ts';
import { removeSign, writeSign } from './processes-store.ts';

const BEAT_MS = 10_000;
/** Of the timer that measures the event loop; what it reports beyond this is delay. */
const RESOLUTION_MS = 20;

export interface HeartbeatOptions {
  db: Database;
  log: Pick<Logger, 'warn'>;
  process: Pick<ProcessesTable, 'name' | 'role' | 'paints' | 'version'>;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #startedMs = Date.now();
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> = Promise.resolve();

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#delay.enable();
    this.#beat();
    this.#timer = setInterval(() => this.#beat(), BEAT_MS).unref();
    await this.#beating;
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#delay.disable();
    await this.#beating;
    const { db, process } = this.#options;
    await db
      .write((trx) => removeSign(trx, process.name), { durable: false, frees: true })
      .catch(() => undefined);
  }

  #beat(): void {
    this.#beating = this.#beating.then(() => this.#write());
  }

  /** A sign that cannot be written is missed by nobody but the page that shows it. */
  async #write(): Promise<void> {
    const { db, log, process: ours } = this.#options;
    const lateMs = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS);
    this.#delay.reset();
    const sign = {
      ...ours,
      started_at: this.#startedMs,
      lag_seconds: Number.isFinite(lateMs) ? lateMs / 1000 : 0,
      memory_bytes: process.memoryUsage.rss(),
    };
    await db
      .write((trx) => writeSign(trx, sign, Date.now()), { durable: false })
      .catch((error) => log.warn({ err: error }, 'a sign of life could not be written'));
  }
}
