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

export function isNearlySame(a: string, b: string): boolean {
  const [hashA = '', colourA = ''] = a.split('-');
  const [hashB = '', colourB = ''] = b.split('-');
  if (hashA === '' || hashA.length !== hashB.length) return false;
  return areColoursNear(colourA, colourB) && hammingDistance(hashA, hashB) <= MOST_DISTANCE;
}

/** Of two hexadecimal texts of one length. */
function hammingDistance(a: string, b: string): number {
  let distance = 0;
  for (let at = 0; at < a.length; at += 1) {
    const different = Number.parseInt(a[at] ?? '0', 16) ^ Number.parseInt(b[at] ?? '0', 16);
    distance += ONES[different] ?? 0;
  }
  return distance;
}
const ONES = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];

const areColoursNear = (a: string, b: string): boolean =>
  [0, 2, 4].every((at) => Math.abs(channel(a, at) - channel(b, at)) <= MOST_COLOUR);
const channel = (colour: string, at: number): number => Number.parseInt(colour.slice(at, at + 2), 16);
