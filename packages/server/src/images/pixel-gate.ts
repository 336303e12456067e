/**
 * Bounds how many pixels are decoded at once. A decoded picture costs memory by its pixels, whatever its file weighs, so
 * that a few small files could otherwise take all the memory there is. Whoever comes first goes first.
 */
export class PixelGate {
  readonly #mostPixels: number;
  readonly #waiting: { pixels: number; enter: () => void }[] = [];
  #inFlight = 0;

  /** A picture larger than `mostPixels` is let in alone. */
  constructor(mostPixels: number) {
    this.#mostPixels = mostPixels;
  }

  async run<T>(pixels: number, work: () => Promise<T>): Promise<T> {
    const held = Math.min(pixels, this.#mostPixels);
    await this.#enter(held);
    try {
      return await work();
    } finally {
      this.#inFlight -= held;
      this.#admit();
    }
  }

  #enter(pixels: number): Promise<void> {
    return new Promise((enter) => {
      this.#waiting.push({ pixels, enter });
      this.#admit();
    });
  }

  #admit(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (this.#inFlight + first.pixels > this.#mostPixels) return;
      this.#waiting.shift();
      this.#inFlight += first.pixels;
      first.enter();
    }
  }
}

const SMALL_PIXELS = 4_200_000;
const small = new PixelGate(4 * SMALL_PIXELS);
const large = new PixelGate(32_000_000);

/**
 * The gate of this process; memory is the process's, so there is one. Pictures that engines make (up to 2048 × 2048) have
 * a gate of their own and never wait behind huge ones: a page of thumbnails stays quick while somebody uploads scans.
 */
export const withinMemory = <T>(pixels: number, work: () => Promise<T>): Promise<T> =>
  (pixels <= SMALL_PIXELS ? small : large).run(pixels, work);
