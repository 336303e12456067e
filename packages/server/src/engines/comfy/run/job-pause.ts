/** A pause that ends early when an event arrives or the job is aborted. */
export class JobPause {
  readonly #signal: AbortSignal;
  #end: () => void = () => {};
  #woken = false;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Ends the current pause, or the next one if none is running. */
  wake(): void {
    this.#woken = true;
    this.#end();
  }

  async wait(ms: number): Promise<void> {
    if (!this.#woken) await this.pause(ms);
    this.#woken = false;
    this.#signal.throwIfAborted();
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', done);
        this.#end = () => {};
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#signal.addEventListener('abort', done, { once: true });
      this.#end = done;
      if (this.#signal.aborted) done();
    });
  }
}
