/**
 * Limits the number of concurrent jobs, started in order. The limit may change meanwhile: it is read again after each
 * job, and when `admit` is called.
 */
export class Limit {
  readonly #slots: () => number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(slots: () => number) {
    this.#slots = slots;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.admit();
    });
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.admit();
    }
  }

  admit(): void {
    while (this.#waiting.length > 0 && this.#running < this.#slots()) {
      this.#running += 1;
      this.#waiting.shift()?.();
    }
  }
}
