/**
 * Shares flushes to the disk. A flush covers what was written before it began. Requests that arrive during a flush
 * share the next one.
 */
export class Flusher {
  readonly #sync: () => Promise<void>;
  #now: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves when everything written before the call would survive a power cut. */
  flush(): Promise<void> {
    this.#next ??= this.#afterNow();
    return this.#next;
  }

  /** Resolves when no flush is running or requested. */
  async idle(): Promise<void> {
    await (this.#next ?? this.#now).catch(() => undefined);
  }

  async #afterNow(): Promise<void> {
    // The error of that flush was reported to its own waiters.
    await this.#now.catch(() => undefined);
    this.#next = null;
    this.#now = this.#sync();
    await this.#now;
  }
}
