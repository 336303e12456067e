/**
 * Distinguishes pixel art from drawings and photos. Pixel art has few colours that are used often, or it is enlarged on
 * a grid with a block per pixel. Soft edges of a drawing contain mixtures of two colours.
 */
import type { Pixels } from '../embedded/picture.ts';

/** Of the changes of colour. Measured: at most 0.25 in pixel art of one pixel a cell, at least 0.41 in drawings with soft edges. */
const MIXED_SHARE = 0.33;
/** Pixel art may have this share of colours that are hardly used; soft edges make more. */
const RARE_SHARE = 0.2;
const RARE_USES = 2;
const MOST_COLOURS = 64;
/** Small sprites may use more colours. */
const [SPRITE_SIDE_PX, SPRITE_COLOURS, SPRITE_USES] = [128, 256, 6];
/** Smaller pictures cannot be judged. */
const LEAST_PIXELS = 64;

export function isPixelArt(picture: Pixels): boolean {
  const colours = packed(picture);
  if (colours.length < LEAST_PIXELS) return true;
  const uses = usesOf(colours, SPRITE_COLOURS);
  return (
    (uses !== null && isPalette(uses, picture) && mixedShare(picture) < MIXED_SHARE) ||
    isBlocky(colours, picture)
  );
}

/** One number per pixel; invisible pixels all have the same. */
function packed({ rgba }: Pixels): Uint32Array {
  const colours = new Uint32Array(rgba.length / 4);
  for (let i = 0; i < colours.length; i++) {
    colours[i] = rgba[4 * i + 3] === 0 ? 0 : rgba.readUInt32LE(4 * i);
  }
  return colours;
}

/** How often each colour occurs; null beyond `most` colours. */
function usesOf(colours: Uint32Array, most: number): number[] | null {
  const uses = new Map<number, number>();
  for (const colour of colours) {
    const known = uses.get(colour) ?? 0;
    if (known === 0 && uses.size === most) return null;
    uses.set(colour, known + 1);
  }
  return [...uses.values()];
}

function isPalette(uses: number[], { width, height }: Pixels): boolean {
  const rare = uses.filter((count) => count <= RARE_USES).length;
  if (rare > RARE_SHARE * uses.length) return false;
  if (uses.length <= MOST_COLOURS) return true;
  const isSprite = Math.max(width, height) <= SPRITE_SIDE_PX;
  return isSprite && uses.reduce((sum, count) => sum + count, 0) >= SPRITE_USES * uses.length;
}

/** Whether colours change only at multiples of one step, both ways. */
function isBlocky(colours: Uint32Array, { width, height }: Pixels): boolean {
  let [across, down] = [width, height];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (x > 0 && colours[at] !== colours[at - 1]) across = divisor(across, x);
      if (y > 0 && colours[at] !== colours[at - width]) down = divisor(down, y);
      if (across === 1 || down === 1) return false;
    }
  }
  return across === down || (across > 1 && down > 1);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** Each pixel becomes a block of `factor` × `factor`; no colour is new. */
export function repeated({ width, height, rgba }: Pixels, factor: number): Pixels {
  const source = new Uint32Array(Uint8Array.from(rgba).buffer);
  const result = new Uint32Array(width * height * factor * factor);
  const line = width * factor;
  for (let y = 0; y < height; y++) {
    const top = y * factor * line;
    for (let x = 0; x < width; x++) {
      const colour = source[y * width + x] as number;
      result.fill(colour, top + x * factor, top + (x + 1) * factor);
    }
    for (let copy = 1; copy < factor; copy++) result.copyWithin(top + copy * line, top, top + line);
  }
  return { width: line, height: height * factor, rgba: Buffer.from(result.buffer) };
}
/** Share of changes that are mixtures: pixels whose colour is on the straight line between their neighbours' colours. */
function mixedShare({ rgba, width, height }: Pixels): number {
  let [changes, mixed] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = 4 * (y * width + x);
      if (isSame(rgba, at, at - 4)) continue;
      changes++;
      if (isMixture(rgba, at)) mixed++;
    }
  }
  return changes === 0 ? 0 : mixed / changes;
}

const isSame = (rgba: Buffer, a: number, b: number): boolean =>
  rgba.readUInt32LE(a) === rgba.readUInt32LE(b) || (rgba[a + 3] === 0 && rgba[b + 3] === 0);

const STRAIGHT_LEVELS = 4;

function isMixture(rgba: Buffer, at: number): boolean {
  if (isSame(rgba, at, at + 4) || isSame(rgba, at - 4, at + 4)) return false;
  const [left, own, right] = [seen(rgba, at - 4), seen(rgba, at), seen(rgba, at + 4)];
  const way = right.map((value, c) => value - (left[c] as number));
  const length = way.reduce((sum, value) => sum + value * value, 0);
  const along = own.reduce((sum, value, c) => sum + (value - (left[c] as number)) * (way[c] as number), 0);
  const share = along / length;
  if (!(share > 0 && share < 1)) return false;
  return own.every(
    (value, c) => Math.abs(value - (left[c] as number) - share * (way[c] as number)) <= STRAIGHT_LEVELS,
  );
}

/** Premultiplied, as colours mix. */
function seen(rgba: Buffer, at: number): number[] {
  const alpha = rgba[at + 3] as number;
  return [0, 1, 2].map((c) => ((rgba[at + c] as number) * alpha) / 255).concat(alpha);
}
