/**
 * Runs jobs in a number of slots, in order. The number may change meanwhile: it is read again after each job, and when
 * `admit` is called.
 */
export class Slots {
  readonly #count: () => number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(count: () => number) {
    this.#count = count;
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
    while (this.#waiting.length > 0 && this.#running < this.#count()) {
      this.#running += 1;
      this.#waiting.shift()?.();
    }
  }
}
