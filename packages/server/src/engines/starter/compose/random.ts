/** Seeded randomness: the same seed draws the same numbers on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** splitmix32: 0 ≤ n < 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 0x100000000;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** −1 or 1. */
  sign(): number {
    return this.next() < 0.5 ? -1 : 1;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)] as T;
  }
}

/** FNV-1a, for turning words into numbers. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

const GOLDEN = 0.6180339887498949;

/**
 * Picks by weight so that neighbouring seeds, which is what a batch has, land far apart: the seed steps through the
 * golden-ratio sequence over the weights.
 */
export function pickSpread<T>(
  choices: readonly T[],
  weight: (choice: T) => number,
  seed: number,
  salt: string,
): T {
  const total = choices.reduce((sum, choice) => sum + weight(choice), 0);
  const start = hash(salt) / 0x100000000;
  let left = ((start + (seed >>> 0) * GOLDEN) % 1) * total;
  for (const choice of choices) {
    left -= weight(choice);
    if (left < 0) return choice;
  }
  return choices.at(-1) as T;
}
