/** Work in the background, one piece after the other. What fails is logged, and the next piece goes on. */
import type { Logger } from '../log.ts';

export class Rounds {
  readonly #log: Pick<Logger, 'error'>;
  readonly #timers: NodeJS.Timeout[] = [];
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log;
  }

  /** Long work asks for it and breaks off. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  once(work: () => Promise<unknown>): void {
    this.#running = this.#running
      .then(async () => void (this.#isClosed || (await work())))
      .catch((error) => this.#log.error({ err: error }, 'a chore failed'));
  }

  /** Now, and again after each such time. */
  every(ms: number, work: () => Promise<unknown>): void {
    this.once(work);
    this.#timers.push(setInterval(() => this.once(work), ms));
  }

  /** Waits for the piece that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timers.forEach(clearInterval);
    await this.#running;
  }
}
