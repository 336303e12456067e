/**
 * Bounds how many pixels are decoded at once. A decoded picture takes memory by its pixels, not by its file size, so a
 * few small files could take all memory. First come, first served.
 */
export class PixelGate {
  readonly #mostPixels: number;
  readonly #waiting: { pixels: number; enter: () => void }[] = [];
  #inFlight = 0;

  /** A picture larger than `mostPixels` is decoded alone. */
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
 * The gate of this process. Pictures up to 2048 × 2048, as engines make them, have a gate of their own: thumbnails stay
 * fast while somebody uploads scans.
 */
export const withinMemory = <T>(pixels: number, work: () => Promise<T>): Promise<T> =>
  (pixels <= SMALL_PIXELS ? small : large).run(pixels, work);
