/**
 * Bounds how much is worked on at once, by weight: the pixels of pictures that are decoded, the bytes of bodies that are
 * held in memory. First come, first served.
 */
export class Gate {
  readonly #mostWeight: number;
  readonly #waiting: { weight: number; enter: () => void }[] = [];
  #inside = 0;

  /** Work heavier than `mostWeight` runs alone. */
  constructor(mostWeight: number) {
    this.#mostWeight = mostWeight;
  }

  async run<T>(weight: number, work: () => Promise<T>): Promise<T> {
    const leave = await this.enter(weight);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Resolves when there is room, with the function that gives the room back; calling it again does nothing. */
  async enter(weight: number): Promise<() => void> {
    const held = Math.min(weight, this.#mostWeight);
    await new Promise<void>((enter) => {
      this.#waiting.push({ weight: held, enter });
      this.#admit();
    });
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#inside -= held;
      this.#admit();
    };
  }

  #admit(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (this.#inside + first.weight > this.#mostWeight) return;
      this.#waiting.shift();
      this.#inside += first.weight;
      first.enter();
    }
  }
}
