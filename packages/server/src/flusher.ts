/**
 * Shares flushes to the disk. A flush covers what was written before it began; whoever asks while one is under way waits
 * for the next, together with everybody else who asked meanwhile.
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

  /** Resolves when no flush is under way or asked for. What is written before that would have to wait for another one. */
  async idle(): Promise<void> {
    await (this.#next ?? this.#now).catch(() => undefined);
  }

  async #afterNow(): Promise<void> {
    // What went wrong with that one was told to those who waited for it.
    await this.#now.catch(() => undefined);
    this.#next = null;
    this.#now = this.#sync();
    await this.#now;
  }
}
