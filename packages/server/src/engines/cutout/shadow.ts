/**
 * Finds a soft shadow on the ground and makes it translucent black. A shadow is the ground's colour made darker; it changes
 * so slowly from pixel to pixel that no outline separates it from the ground.
 */
import type { Size } from '@limner/contract';
import type { Pixels } from '../embedded/picture.ts';
import type { Ground } from './ground.ts';
import { eachNeighbour, hasNeighbour, reachedFromBorder } from './regions.ts';

/** The share of the ground's light at each pixel, 0…1; 1 without shadow. */
export type Light = Float32Array;

/** On a dark ground a shadow cannot be distinguished from a thing of the same colour. */
const LEAST_GROUND = 96;
/** Largest change of light between adjacent pixels of a shadow; outlines, even soft ones, change more. */
const STEP = 0.04;
/** Largest difference between a pixel's colour and the darkened ground's, in levels. */
const OFF_LEVELS = 7;
const [LEAST_LIGHT, SHADED] = [0.2, 0.93];
/** Smaller regions are shading or noise. */
const LEAST_SHARE = 0.002;
/** Larger regions are variations of the ground itself. */
const MOST_SHARE = 0.4;
/** How far a shadow is extended behind the outline of the thing on it. */
const CARRIED_PX = 10;

export interface Shade {
  light: Light;
  /** A shadow: false for thin lines, which are treated alike, because they too are the ground made darker. */
  isShadow: boolean;
}

/** Null: nothing is shaded. A pixel nearer than `threshold` to the ground's colour is ground. */
export function findShade(source: Pixels, ground: Ground, threshold: number): Shade | null {
  if (Math.min(...ground.mean) < LEAST_GROUND) return null;
  const light = lightOf(source, ground);
  const lit = 1 - threshold / Math.hypot(...ground.mean);
  const outside = reachedFromBorder(source, (pixel) => (light[pixel] as number) > lit);
  const found = followed(source, light, outside);
  const shaded = found.filter((pixel) => (light[pixel] as number) < SHADED);
  const least = LEAST_SHARE * light.length;
  if (shaded.length < least || shaded.length > MOST_SHARE * light.length) return null;
  const soft = shaded.filter((pixel) => isSoft(pixel, source, light));
  return { light: carriedOn(source, light, found), isShadow: soft.length >= least };
}

/** The factor by which the ground was darkened at a pixel; NaN if the pixel has another colour. */
function lightOf({ rgba, width, height }: Pixels, ground: Ground): Light {
  const light = new Float32Array(width * height);
  const line = new Float32Array(3 * width);
  for (let y = 0; y < height; y++) {
    ground.row(y, line);
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      light[pixel] = shareOf(rgba, 4 * pixel, line, 3 * x);
    }
  }
  return light;
}

function shareOf(rgba: Uint8Array, at: number, ground: Float32Array, from: number): number {
  let [dot, length] = [0, 0];
  for (let c = 0; c < 3; c++) {
    const level = ground[from + c] as number;
    dot += level * (rgba[at + c] as number);
    length += level * level;
  }
  const share = dot / Math.max(1, length);
  let off = 0;
  for (let c = 0; c < 3; c++)
    off = Math.max(off, Math.abs((rgba[at + c] as number) - share * (ground[from + c] as number)));
  return off > OFF_LEVELS || share < LEAST_LIGHT ? Number.NaN : Math.min(1, share);
}

/** Pixels that are reached from the ground by small changes of light. */
function followed(size: Size, light: Light, outside: Uint8Array): number[] {
  const seen = Uint8Array.from(outside);
  const found: number[] = [];
  const enter = (from: number): void =>
    eachNeighbour(from, size, (to) => {
      if (seen[to] || !(Math.abs((light[to] as number) - (light[from] as number)) < STEP)) return;
      seen[to] = 1;
      found.push(to);
    });
  for (let pixel = 0; pixel < outside.length; pixel++) if (outside[pixel] === 1) enter(pixel);
  for (let next = 0; next < found.length; next++) enter(found[next] as number);
  return found;
}

/** A shadow changes slowly in every direction; a thin line that fades along its length does not across it. */
const isSoft = (pixel: number, size: Size, light: Light): boolean =>
  !hasNeighbour(
    pixel,
    size,
    (other) => !(Math.abs((light[other] as number) - (light[pixel] as number)) < STEP),
  );

/** The shadow that was found; each pixel around it takes the value of its nearest neighbour in the shadow. */
function carriedOn(size: Size, light: Light, found: readonly number[]): Light {
  const result = new Float32Array(light.length).fill(1);
  const known = new Uint8Array(light.length);
  for (const pixel of found) {
    result[pixel] = light[pixel] as number;
    known[pixel] = 1;
  }
  let ring = found;
  for (let step = 0; step < CARRIED_PX; step++) {
    const next: number[] = [];
    for (const pixel of ring) {
      eachNeighbour(pixel, size, (to) => {
        if (known[to] || Math.abs((light[to] as number) - 1) < 0.02) return;
        known[to] = 1;
        result[to] = result[pixel] as number;
        next.push(to);
      });
    }
    ring = next;
  }
  return result;
}

/** The ground darkened by the shadow. */
export function shaded(ground: Ground, light: Light, width: number): Ground {
  return {
    ...ground,
    row(y, into) {
      ground.row(y, into);
      for (let i = 0; i < into.length; i++)
        into[i] = (into[i] as number) * (light[y * width + Math.floor(i / 3)] as number);
    },
  };
}

/** Below this alpha nothing is visible, and trimming should find an edge. */
const LEAST_ALPHA = 6;

/** Composites the cut-out over its shadow: black, with the shadow's darkness as opacity. */
export function layOverShadow({ rgba }: Pixels, light: Light): void {
  for (let pixel = 0; pixel < light.length; pixel++) {
    const dark = 1 - (light[pixel] as number);
    const own = (rgba[4 * pixel + 3] as number) / 255;
    if (dark === 0 || own === 1) continue;
    const alpha = own + (1 - own) * dark;
    for (let c = 0; c < 3; c++)
      rgba[4 * pixel + c] = Math.round(((rgba[4 * pixel + c] as number) * own) / Math.max(alpha, 1e-6));
    const level = Math.round(255 * alpha);
    rgba[4 * pixel + 3] = level < LEAST_ALPHA ? 0 : level;
  }
}
