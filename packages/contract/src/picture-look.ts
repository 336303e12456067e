/**
 * The look of a picture as a short text, for finding nearly equal ones: a difference hash along rows and one along columns, 64
 * bits each, and the mean colour. Equal subjects in other colours are not the same. Pure.
 */

/** Sides of the grey picture from which it is computed. */
export const LOOK_PX = 9;
/** Steps of grey below this are noise. */
const NOISE = 3;
/** Of 128 bits. */
export const MOST_DISTANCE = 10;
/** Of each channel's mean, of 255. */
const MOST_COLOUR = 20;

/**
 * @param grey of 9 × 9 pixels
 * @param mean red, green and blue
 */
export function lookOf(grey: Uint8Array, mean: readonly [number, number, number]): string {
  const at = (x: number, y: number) => grey[y * LOOK_PX + x] ?? 0;
  const bits: boolean[] = [];
  for (let y = 0; y < LOOK_PX - 1; y += 1)
    for (let x = 0; x < LOOK_PX - 1; x += 1) bits.push(at(x, y) > at(x + 1, y) + NOISE);
  for (let y = 0; y < LOOK_PX - 1; y += 1)
    for (let x = 0; x < LOOK_PX - 1; x += 1) bits.push(at(x, y) > at(x, y + 1) + NOISE);
  const nibbles = Array.from({ length: bits.length / 4 }, (_, n) =>
    bits.slice(4 * n, 4 * n + 4).reduce((value, bit) => 2 * value + Number(bit), 0),
  );
  const colour = mean.map((value) => Math.round(value).toString(16).padStart(2, '0'));
  return `${nibbles.map((nibble) => nibble.toString(16)).join('')}-${colour.join('')}`;
}

/** A look for comparisons with many others. */
export interface ReadLook {
  /** Of 32 bits each. */
  words: Int32Array;
  colour: readonly number[];
}

/** null: it is not a look. */
export function readLook(look: string): ReadLook | null {
  const [, hash, colour] = /^([0-9a-f]{32})-([0-9a-f]{6})$/.exec(look) ?? [];
  if (hash === undefined || colour === undefined) return null;
  const words = Int32Array.from({ length: 4 }, (_, at) => number(hash, 8 * at, 8));
  return { words, colour: [0, 2, 4].map((at) => number(colour, at, 2)) };
}

export function isNearlySame(a: ReadLook, b: ReadLook): boolean {
  // Half a million pairs of a full set are compared while its page waits, so no arrays are made here.
  for (let at = 0; at < 3; at += 1)
    if (Math.abs((a.colour[at] ?? 0) - (b.colour[at] ?? 0)) > MOST_COLOUR) return false;
  let distance = 0;
  for (let at = 0; at < 4; at += 1) distance += ones((a.words[at] ?? 0) ^ (b.words[at] ?? 0));
  return distance <= MOST_DISTANCE;
}

const number = (hex: string, from: number, digits: number): number =>
  Number.parseInt(hex.slice(from, from + digits), 16);

/** Number of set bits of 32, by sums of ever wider fields. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
