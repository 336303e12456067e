/**
 * The ground behind a thing: plain, or changing smoothly. It is fitted to the picture's border, extended inwards while
 * colours change little from pixel to pixel, and interpolated behind the thing.
 */
import { emptyLevel, spread } from '../embedded/bleed.ts';
import type { Pixels } from '../embedded/picture.ts';
import { deviation, fitSurface, type Sample, type Surface } from './polynomial.ts';
import { eachNeighbour, reachedFromBorder } from './regions.ts';

export interface Ground {
  /** Writes the ground's colours of one row, three values a pixel. */
  row(y: number, into: Float32Array): void;
  /** How far, in levels of 0…255 over all channels, the ground's pixels scatter around it. */
  noise: number;
  /** Share of the border's pixels that are ground, 0…1. Low: the picture has no such ground. */
  explained: number;
  /** Greatest difference between two of its points. */
  range: number;
  mean: [number, number, number];
  /** Fitted to the border alone, if it has nearly one colour: what was followed inwards may be a shadow. */
  even: Ground | null;
}

/** The ground is smooth, so it is fitted on a small copy and stored as a coarse grid. */
const COPY_PX = 256;
const GRID = 32;
/** Greatest distance of the ground from the fitted surface where it was followed inwards. */
const FOLLOW_LEVELS = 56;
const FOLLOW_ROUNDS = 4;
const MOST_SCATTER = 24;
const ALIKE_LEVELS = 4;
const EVEN_RANGE = 12;

export function findGround(pixels: Pixels): Ground {
  const copy = shrunk(pixels, Math.ceil(Math.max(pixels.width, pixels.height) / COPY_PX));
  const border = borderSamples(copy);
  const surface = fitSurface(border);
  const scatter = median(border.map((sample) => deviation(sample, surface)));
  const plain = nodesOf(surface);
  let grid = plain;
  // A ground with more curvature than its border shows is followed further in each round, starting from the known part.
  for (let round = 0; round < FOLLOW_ROUNDS; round++) {
    const expected = rendered(grid, copy);
    grid = corrected(grid, copy, expected, follow(copy, expected, scatter));
  }
  // Following can leak into a thing of nearly the ground's colour and bend the ground towards it. The fit of the border
  // alone is kept if it covers as much.
  if (reach(plain, copy) >= reach(grid, copy)) grid = plain;
  const even = groundOf(plain, pixels, null);
  return groundOf(grid, pixels, even.range < EVEN_RANGE ? even : null);
}

function groundOf(grid: Float32Array, pixels: Pixels, even: Ground | null): Ground {
  const row = rowReader(grid, pixels.width, pixels.height);
  const noise = borderNoise(pixels, row);
  return { row, noise, explained: explainedShare(pixels, row, noise), ...spanOf(grid), even };
}

/** Averages squares of `by` pixels. Alpha is ignored, because this method is for pictures without it. */
function shrunk(pixels: Pixels, by: number): Pixels {
  if (by <= 1) return pixels;
  const [width, height] = [Math.ceil(pixels.width / by), Math.ceil(pixels.height / by)];
  const rgba = Buffer.alloc(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0];
      const [right, bottom] = [Math.min(pixels.width, (x + 1) * by), Math.min(pixels.height, (y + 1) * by)];
      for (let sy = y * by; sy < bottom; sy++) {
        for (let sx = x * by; sx < right; sx++) {
          for (let c = 0; c < 3; c++)
            (sum[c] as number) += pixels.rgba[4 * (sy * pixels.width + sx) + c] as number;
        }
      }
      const count = (right - x * by) * (bottom - y * by);
      for (let c = 0; c < 3; c++) rgba[4 * (y * width + x) + c] = Math.round((sum[c] as number) / count);
    }
  }
  return { width, height, rgba };
}

function sampleAt({ rgba, width, height }: Pixels, x: number, y: number): Sample {
  const at = 4 * (y * width + x);
  return {
    x: (2 * x) / Math.max(1, width - 1) - 1,
    y: (2 * y) / Math.max(1, height - 1) - 1,
    colour: [rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number],
  };
}

function borderSamples(copy: Pixels): Sample[] {
  const samples: Sample[] = [];
  for (const [x, y] of borderPlaces(copy, 3)) samples.push(sampleAt(copy, x, y));
  return samples;
}

function* borderPlaces({ width, height }: Pixels, depth: number): Generator<[number, number]> {
  for (let y = 0; y < height; y++) {
    const edgeRow = y < depth || y >= height - depth;
    for (let x = 0; x < width; x++) {
      if (!edgeRow && x === depth && width > 2 * depth) x = width - depth;
      yield [x, y];
    }
  }
}

/** Number of the copy's pixels that are connected to the border and differ little from this ground. */
function reach(grid: Float32Array, copy: Pixels): number {
  const expected = rendered(grid, copy);
  const alike = (pixel: number): boolean =>
    [0, 1, 2].every(
      (c) =>
        Math.abs((copy.rgba[4 * pixel + c] as number) - (expected[3 * pixel + c] as number)) < ALIKE_LEVELS,
    );
  return reachedFromBorder(copy, alike).reduce((sum, one) => sum + one, 0);
}

function nodesOf(surface: Surface): Float32Array {
  const grid = new Float32Array(3 * GRID * GRID);
  for (let node = 0; node < GRID * GRID; node++) {
    const x = (2 * (node % GRID)) / (GRID - 1) - 1;
    const y = (2 * Math.floor(node / GRID)) / (GRID - 1) - 1;
    grid.set(surface(x, y), 3 * node);
  }
  return grid;
}

/** The grid's colour at every pixel of the copy. */
function rendered(grid: Float32Array, { width, height }: Pixels): Float32Array {
  const row = rowReader(grid, width, height);
  const colours = new Float32Array(3 * width * height);
  for (let y = 0; y < height; y++) row(y, colours.subarray(3 * y * width, 3 * (y + 1) * width));
  return colours;
}

/** Pixels of the copy that are ground: connected to the border by small steps and close to the expected colour. */
function follow(copy: Pixels, expected: Float32Array, scatter: number): Uint8Array {
  const { width, height, rgba } = copy;
  const reached = new Uint8Array(width * height);
  const step = Math.max(4, 2 * scatter);
  const startWithin = Math.max(10, 4 * scatter);
  const stack: number[] = [];
  const off = (pixel: number): number => {
    const [r, g, b] = [0, 1, 2].map(
      (c) => (rgba[4 * pixel + c] as number) - (expected[3 * pixel + c] as number),
    );
    return Math.hypot(r as number, g as number, b as number);
  };
  for (const [x, y] of borderPlaces(copy, 1)) {
    const pixel = y * width + x;
    if (reached[pixel] || off(pixel) > startWithin) continue;
    reached[pixel] = 1;
    stack.push(pixel);
  }
  for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
    const from = pixel;
    eachNeighbour(from, copy, (to) => {
      if (reached[to] || levelsBetween(rgba, from, to) > step || off(to) > FOLLOW_LEVELS) return;
      reached[to] = 1;
      stack.push(to);
    });
  }
  return reached;
}

function levelsBetween(rgba: Uint8Array, a: number, b: number): number {
  return Math.max(
    Math.abs((rgba[4 * a] as number) - (rgba[4 * b] as number)),
    Math.abs((rgba[4 * a + 1] as number) - (rgba[4 * b + 1] as number)),
    Math.abs((rgba[4 * a + 2] as number) - (rgba[4 * b + 2] as number)),
  );
}

/** Each node corrected by the ground's pixels around it; behind the thing by its neighbours. */
function corrected(
  grid: Float32Array,
  copy: Pixels,
  expected: Float32Array,
  ground: Uint8Array,
): Float32Array {
  const { width, height, rgba } = copy;
  const off = emptyLevel(GRID, GRID);
  for (let pixel = 0; pixel < ground.length; pixel++) {
    if (ground[pixel] !== 1) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const nodeX = Math.round((x / Math.max(1, width - 1)) * (GRID - 1));
    const node = 4 * (Math.round((y / Math.max(1, height - 1)) * (GRID - 1)) * GRID + nodeX);
    for (let c = 0; c < 3; c++) {
      (off.data[node + c] as number) += (rgba[4 * pixel + c] as number) - (expected[3 * pixel + c] as number);
    }
    (off.data[node + 3] as number) += 1;
  }
  spread(off);
  return grid.map((value, i) => value + (off.data[4 * Math.floor(i / 3) + (i % 3)] as number));
}

function rowReader(grid: Float32Array, width: number, height: number): Ground['row'] {
  return (y, into) => {
    const gy = Math.min((y / Math.max(1, height - 1)) * (GRID - 1), GRID - 1 - 1e-6);
    const top = Math.floor(gy);
    const [fy, upper, lower] = [gy - top, 3 * GRID * top, 3 * GRID * (top + 1)];
    for (let x = 0; x < width; x++) {
      const gx = Math.min((x / Math.max(1, width - 1)) * (GRID - 1), GRID - 1 - 1e-6);
      const left = Math.floor(gx);
      const fx = gx - left;
      for (let c = 0; c < 3; c++) {
        const at = 3 * left + c;
        const above = (grid[upper + at] as number) * (1 - fx) + (grid[upper + at + 3] as number) * fx;
        const below = (grid[lower + at] as number) * (1 - fx) + (grid[lower + at + 3] as number) * fx;
        into[3 * x + c] = above * (1 - fy) + below * fy;
      }
    }
  };
}

function borderDistances(pixels: Pixels, row: Ground['row']): number[] {
  const line = new Float32Array(3 * pixels.width);
  let current = -1;
  const distances: number[] = [];
  for (const [x, y] of borderPlaces(pixels, 2)) {
    if (y !== current) row(y, line);
    current = y;
    const at = 4 * (y * pixels.width + x);
    distances.push(
      Math.hypot(
        (pixels.rgba[at] as number) - (line[3 * x] as number),
        (pixels.rgba[at + 1] as number) - (line[3 * x + 1] as number),
        (pixels.rgba[at + 2] as number) - (line[3 * x + 2] as number),
      ),
    );
  }
  return distances;
}

function borderNoise(pixels: Pixels, row: Ground['row']): number {
  return median(borderDistances(pixels, row));
}

function explainedShare(pixels: Pixels, row: Ground['row'], noise: number): number {
  const distances = borderDistances(pixels, row);
  // A border that scatters more than this is a texture, not a smooth ground.
  const within = Math.min(MOST_SCATTER, Math.max(6, 4 * noise));
  return distances.filter((distance) => distance < within).length / distances.length;
}

function spanOf(grid: Float32Array): Pick<Ground, 'range' | 'mean'> {
  const mean: [number, number, number] = [0, 0, 0];
  let range = 0;
  for (let c = 0; c < 3; c++) {
    let [least, most, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let at = c; at < grid.length; at += 3) {
      const value = grid[at] as number;
      [least, most, sum] = [Math.min(least, value), Math.max(most, value), sum + value];
    }
    mean[c] = sum / (GRID * GRID);
    range = Math.max(range, most - least);
  }
  return { range, mean };
}

export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
