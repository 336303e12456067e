/** Cuts a thing from a plain or smoothly changing ground, by colour. Needs no model. */
import { bleedIntoTransparent } from '../embedded/bleed.ts';
import { breathe, type Pixels } from '../embedded/picture.ts';
import { freeEdges } from './edges.ts';
import { seeThrough } from './glass.ts';
import type { Ground } from './ground.ts';
import { paleShare } from './pale.ts';
import { openPockets, type PocketReport, type PocketRule } from './pockets.ts';
import { reachedFromBorder, regionsOf, stepsFrom } from './regions.ts';
import { findShade, layOverShadow, shaded } from './shadow.ts';

export interface SpriteCut {
  pixels: Pixels;
  pockets: PocketReport;
  /** Share of the border that is plain or smooth ground, 0…1. */
  explained: number;
  /** Share of the picture that is the thing. */
  covered: number;
  softnessPx: number;
  /** There was a soft shadow on the ground; it is translucent black now. */
  shadow: boolean;
  /** Share of the thing that may be glass or of nearly the ground's colour, 0…1. */
  pale: number;
}

const STRONG_LEVELS = 60;
const [LOSSY_LEVELS, FAINT_LEVELS, MOST_SCATTER_LEVELS] = [1, 12, 30];
const LOSSY_SHARE = 0.25;
const [LEAST_THRESHOLD, MOST_THRESHOLD] = [4, 40];

export async function cutSprite(
  source: Pixels,
  rule: PocketRule,
  signal: AbortSignal,
  bareGround: Ground,
  glass: boolean,
): Promise<SpriteCut> {
  let ground = bareGround;
  const pixels = { ...source, rgba: Buffer.from(source.rgba) };
  let distance = distanceFrom(ground, source);
  await breathe(signal);
  const threshold = thresholdFor(ground, distance, source);
  let outside = reachedFromBorder(source, (pixel) => (distance[pixel] as number) < threshold);
  await breathe(signal);
  const base = ground.even ?? ground;
  const shade = findShade(source, base, threshold);
  if (shade) {
    ground = shaded(base, shade.light, source.width);
    distance = distanceFrom(ground, source);
    outside = reachedFromBorder(source, (pixel) => (distance[pixel] as number) < threshold);
    await breathe(signal);
  }
  const pockets = openPockets(source, outside, distance, threshold, ground, rule);
  dropSpecks(source, outside, distance, threshold);
  await breathe(signal);
  const { softnessPx } = freeEdges({ pixels, ground, outside, distance, threshold });
  await breathe(signal);
  const pale = glass ? 0 : paleShare(source, pixels, ground);
  if (glass) seeThrough(source, pixels, ground, outside);
  bleedIntoTransparent(pixels.rgba, pixels.width, pixels.height);
  if (shade) layOverShadow(pixels, shade.light);
  const covered = 1 - outside.reduce((sum, one) => sum + one, 0) / outside.length;
  const shadow = shade?.isShadow ?? false;
  return { pixels, pockets, explained: ground.explained, covered, softnessPx, shadow, pale };
}

function distanceFrom(ground: Ground, { rgba, width, height }: Pixels): Float32Array {
  const distance = new Float32Array(width * height);
  const line = new Float32Array(3 * width);
  for (let y = 0; y < height; y++) {
    ground.row(y, line);
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const r = (rgba[at] as number) - (line[3 * x] as number);
      const g = (rgba[at + 1] as number) - (line[3 * x + 1] as number);
      const b = (rgba[at + 2] as number) - (line[3 * x + 2] as number);
      distance[y * width + x] = Math.sqrt(r * r + g * g + b * b);
    }
  }
  return distance;
}

/** Above the ground's own scatter and above the noise of lossy compression around outlines. */
function thresholdFor(ground: Ground, distance: Float32Array, size: Pixels): number {
  const strong = Uint8Array.from(distance, (value) => (value > STRONG_LEVELS ? 1 : 0));
  const steps = stepsFrom(size, strong, 8);
  const around: number[] = [];
  for (let pixel = 0; pixel < steps.length; pixel++) {
    const step = steps[pixel] as number;
    if (step >= 2 && step < 8 && (distance[pixel] as number) < STRONG_LEVELS)
      around.push(distance[pixel] as number);
  }
  // A thing of nearly the ground's colour has one distance; compression noise spreads over all distances.
  const faint = around.filter((value) => value > LOSSY_LEVELS && value < FAINT_LEVELS);
  const lossy = faint.length > LOSSY_SHARE * around.length;
  const sorted = Float32Array.from(around.filter((value) => value < MOST_SCATTER_LEVELS)).sort();
  const scattered = lossy ? 1.3 * (sorted[Math.floor(0.95 * sorted.length)] ?? 0) : 0;
  return Math.min(MOST_THRESHOLD, Math.max(LEAST_THRESHOLD, 3 + 3 * ground.noise, scattered));
}

/** Single pixels just above the threshold are noise. */
function dropSpecks(size: Pixels, outside: Uint8Array, distance: Float32Array, threshold: number): void {
  const tiny = Math.max(4, outside.length / 100_000);
  for (const { pixels } of regionsOf(size, (pixel) => outside[pixel] === 0)) {
    if (pixels.length > 20 * tiny) continue;
    const most = pixels.reduce((top, pixel) => Math.max(top, distance[pixel] as number), 0);
    if (most < 2.5 * threshold || (pixels.length < tiny && most < STRONG_LEVELS)) {
      for (const pixel of pixels) outside[pixel] = 1;
    }
  }
}
