/**
 * At most so many pieces of work at once, begun in the order they came. How many may change while they wait: it is asked
 * anew at every end, and whenever `look` is called.
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
      this.look();
    });
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.look();
    }
  }

  look(): void {
    while (this.#waiting.length > 0 && this.#running < this.#places()) {
      this.#running += 1;
      this.#waiting.shift()?.();
    }
  }
}
