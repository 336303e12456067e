/**
 * Limits the number of concurrent jobs, started in order. The limit may change meanwhile: it is read again after each
 * job, and when `admit` is called.
 */
export class Limit {
  readonly #places: () => number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(places: () => number) {
    this.#places = places;
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
    while (this.#waiting.length > 0 && this.#running < this.#places()) {
      this.#running += 1;
      this.#waiting.shift()?.();
    }
  }
}
