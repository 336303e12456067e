/** Seeded randomness, the same on every machine: splitmix32 for uniform numbers, Box–Muller to bend them. */
export class SeededNoise {
  /** State of the stream; it can be restored. */
  state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** 0 ≤ n < 1 */
  uniform(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  gaussian(length: number): Float32Array {
    const noise = new Float32Array(length);
    for (let i = 0; i < length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      noise[i] = radius * Math.cos(angle);
      if (i + 1 < length) noise[i + 1] = radius * Math.sin(angle);
    }
    return noise;
  }
}

export const gaussianNoise = (length: number, seed: number): Float32Array =>
  new SeededNoise(seed).gaussian(length);
