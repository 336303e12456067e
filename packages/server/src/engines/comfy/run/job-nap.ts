/** A pause that ends early when there is a reason to look, or when nobody wants the job any more. */
export class JobNap {
  private wake: () => void = () => {};
  private roused = false;

  constructor(private readonly signal: AbortSignal) {}

  /** Ends the present pause, or the next one. */
  rouse(): void {
    this.roused = true;
    this.wake();
  }

  async untilRoused(ms: number): Promise<void> {
    if (!this.roused) await this.pause(ms);
    this.roused = false;
    this.signal.throwIfAborted();
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', done);
        this.wake = () => {};
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.signal.addEventListener('abort', done, { once: true });
      this.wake = done;
      if (this.signal.aborted) done();
    });
  }
}
