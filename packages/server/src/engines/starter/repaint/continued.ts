/**
 * A picture whose hole is filled from the rest of it: smoothly from the border, then with the rest's own texture. Both happen
 * at a small size; a large picture then takes full-size pixels from the places that the small one found.
 */
import { bleed } from '../../embedded/bleed.ts';
import { breathe, type Pixels } from '../../embedded/picture.ts';
import type { MaskPlane } from '../../repaint/mask-plane.ts';
import type { Random } from '../compose/random.ts';
import { grown, type Level, type Matches, patched } from './patches.ts';

/** The longest side at which patches are searched. */
const SEARCHED_PX = 320;
/** Below this, patches are as large as the things in the picture. */
const COARSEST_PX = 36;
/** Colours flow in from this far around the hole, not from things further away. */
const BORDER_PX = 3;
const ROWS_AT_ONCE = 64;

interface Filling {
  random: Random;
  signal: AbortSignal;
  progress: (share: number) => void;
}

/** @param mask what is above 0 is filled; every other byte stays */
export async function continued(
  picture: Pixels,
  mask: MaskPlane,
  { random, signal, progress }: Filling,
): Promise<Pixels> {
  const times = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / SEARCHED_PX));
  const { level, known } = reduced(picture, mask, times);
  flowIn(level, known);
  await breathe(signal);
  const levels = [level];
  for (let last = level; Math.min(last.width, last.height) >= 2 * COARSEST_PX; levels.push(last))
    last = halved(last);
  const matches = await patched(levels, random, signal, progress);
  return enlarged(picture, mask, { level, matches, times }, signal);
}

/** Each pixel is the mean of the known ones in a square of `times` pixels, and a hole where any of them is to be filled. */
function reduced({ width, height, rgba }: Pixels, { values }: MaskPlane, times: number) {
  const [columns, rows] = [Math.ceil(width / times), Math.ceil(height / times)];
  const level = emptyLevel(columns, rows);
  /** Share of each square. */
  const known = new Float32Array(columns * rows);
  const sums = new Float64Array(5 * columns);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    const end = Math.min(height, (row + 1) * times);
    for (let y = row * times; y < end; y++)
      for (let x = 0, at = y * width; x < width; x++, at++) {
        const column = Math.floor(x / times);
        if (values[at] === 0) addPixel(sums, 5 * column, rgba, 4 * at);
        else level.hole[row * columns + column] = 1;
      }
    for (let column = 0; column < columns; column++) {
      const count = sums[5 * column + 4] as number;
      const to = row * columns + column;
      known[to] = count / ((end - row * times) * (Math.min(width, (column + 1) * times) - column * times));
      if (count > 0)
        for (let c = 0; c < 4; c++)
          level.data[4 * to + c] = Math.round((sums[5 * column + c] as number) / count);
    }
  }
  return { level, known };
}

const emptyLevel = (width: number, height: number): Level => ({
  width,
  height,
  data: new Uint8Array(4 * width * height),
  hole: new Uint8Array(width * height),
});

/** Adds a straight pixel, premultiplied, to the four sums and one to the count behind them. */
function addPixel(sums: Float64Array, to: number, rgba: Uint8Array, from: number): void {
  const alpha = rgba[from + 3] as number;
  for (let c = 0; c < 3; c++)
    sums[to + c] = (sums[to + c] as number) + ((rgba[from + c] as number) * alpha) / 255;
  sums[to + 3] = (sums[to + 3] as number) + alpha;
  sums[to + 4] = (sums[to + 4] as number) + 1;
}

/** Gives the hole a first guess. */
function flowIn({ width, height, data, hole }: Level, known: Float32Array): void {
  const near = grown(hole, width, height, BORDER_PX);
  const trust = (at: number) => (near[at] === 1 ? (known[at] as number) : 0);
  const colours = data.slice();
  bleed(colours, 4, width, height, trust);
  const alphas = new Uint8Array(3 * hole.length);
  for (let at = 0; at < hole.length; at++) alphas[3 * at] = data[4 * at + 3] as number;
  bleed(alphas, 3, width, height, trust);
  for (let at = 0; at < hole.length; at++) {
    if (hole[at] !== 1) continue;
    data.set(colours.subarray(4 * at, 4 * at + 3), 4 * at);
    data[4 * at + 3] = alphas[3 * at] as number;
  }
}

/** A hole where any of four pixels is one. */
function halved({ width, height, data, hole }: Level): Level {
  const half = emptyLevel((width + 1) >> 1, (height + 1) >> 1);
  for (let y = 0; y < half.height; y++)
    for (let x = 0; x < half.width; x++) {
      const to = y * half.width + x;
      const [right, below] = [Math.min(width - 1, 2 * x + 1), Math.min(height - 1, 2 * y + 1)];
      const four = [
        2 * y * width + 2 * x,
        2 * y * width + right,
        below * width + 2 * x,
        below * width + right,
      ];
      if (four.some((at) => hole[at] === 1)) half.hole[to] = 1;
      for (let c = 0; c < 4; c++)
        half.data[4 * to + c] = Math.round(
          four.reduce((sum, at) => sum + (data[4 * at + c] as number), 0) / 4,
        );
    }
  return half;
}

interface Found {
  level: Level;
  matches: Matches | null;
  times: number;
}

/** The hole with full-size pixels of the places that the patches around match; without any, with the small level's. */
async function enlarged(
  picture: Pixels,
  { values }: MaskPlane,
  found: Found,
  signal: AbortSignal,
): Promise<Pixels> {
  const { width, height } = picture;
  const rgba = Buffer.from(picture.rgba);
  const sums = new Float64Array(5);
  for (let y = 0; y < height; y++) {
    if (y % ROWS_AT_ONCE === 0) await breathe(signal);
    for (let x = 0; x < width; x++) {
      if (values[y * width + x] === 0) continue;
      sums.fill(0);
      if (found.times > 1) addMatches(sums, picture, found, x, y);
      if (sums[4] === 0) addSmall(sums, found, x, y);
      putMean(rgba, 4 * (y * width + x), sums);
    }
  }
  return { width, height, rgba };
}

function addMatches(
  sums: Float64Array,
  { width, height, rgba }: Pixels,
  { level, matches, times }: Found,
  x: number,
  y: number,
): void {
  if (!matches) return;
  const [column, row] = [Math.floor(x / times), Math.floor(y / times)];
  for (let py = Math.max(0, row - 1); py <= Math.min(level.height - 1, row + 1); py++)
    for (let px = Math.max(0, column - 1); px <= Math.min(level.width - 1, column + 1); px++) {
      const match = matches[py * level.width + px] as number;
      if (match < 0) continue;
      const fx = ((match % level.width) + column - px) * times + (x % times);
      const fy = (Math.floor(match / level.width) + row - py) * times + (y % times);
      if (fx < width && fy < height) addPixel(sums, 0, rgba, 4 * (fy * width + fx));
    }
}

/** Linear between the four nearest. */
function addSmall(sums: Float64Array, { level, times }: Found, x: number, y: number): void {
  const { width, height, data } = level;
  const place = (at: number, length: number) => Math.min(length - 1, Math.max(0, (at + 0.5) / times - 0.5));
  const [px, py] = [place(x, width), place(y, height)];
  const [x0, y0] = [Math.floor(px), Math.floor(py)];
  const [right, below] = [px - x0, py - y0];
  for (const [dx, dy, share] of [
    [0, 0, (1 - right) * (1 - below)],
    [1, 0, right * (1 - below)],
    [0, 1, (1 - right) * below],
    [1, 1, right * below],
  ] as const) {
    if (share === 0) continue;
    const from = 4 * ((y0 + dy) * width + x0 + dx);
    for (let c = 0; c < 4; c++) sums[c] = (sums[c] as number) + share * (data[from + c] as number);
  }
  sums[4] = 1;
}

/** Straight again. */
function putMean(rgba: Buffer, to: number, sums: Float64Array): void {
  const [alpha, count] = [sums[3] as number, sums[4] as number];
  for (let c = 0; c < 3; c++)
    rgba[to + c] = alpha === 0 ? 0 : Math.min(255, Math.round((255 * (sums[c] as number)) / alpha));
  rgba[to + 3] = Math.round(alpha / count);
}
