/** Background jobs, one after another. A failed job is logged, and the next one runs. */
import type { Logger } from '../log.ts';

export class Rounds {
  readonly #log: Pick<Logger, 'error'>;
  readonly #timers: NodeJS.Timeout[] = [];
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log;
  }

  /** Checked by long jobs, to stop early. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  once(work: () => Promise<unknown>): void {
    this.#running = this.#running
      .then(async () => void (this.#isClosed || (await work())))
      .catch((error) => this.#log.error({ err: error }, 'a chore failed'));
  }

  /** Runs now, and then at this interval. */
  every(ms: number, work: () => Promise<unknown>): void {
    this.once(work);
    this.#timers.push(setInterval(() => this.once(work), ms));
  }

  /** Waits for the running job. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timers.forEach(clearInterval);
    await this.#running;
  }
}
