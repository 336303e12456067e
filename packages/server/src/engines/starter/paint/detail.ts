/**
 * The fine part of a picture that is painted over: what the 128 × 128 of the model cannot hold. The sharpener learnt from
 * maps made in the same way (`training/starter/painting/detail.py`); both sides must stay alike.
 */
import { isLineArt, premultipliedPlanes } from './hints.ts';

/** Half the side of the square around a pixel whose mean is taken from it, in pixels. */
const REACH = 32;
const LINE_GAIN = 4;
/** Lightness, alpha and lines, plane by plane. */
export const DETAIL_PLANES = 3;

/** How much of a picture's fine part shall be seen in what is painted. */
export interface Detail {
  /** `DETAIL_PLANES` of the given side, in −1…1. */
  planes(sidePx: number): Promise<Float32Array>;
  /** 0…1 */
  weight: number;
}

/** `rgba`: straight, `sidePx` squared. */
export function detailPlanes(rgba: Uint8Array, sidePx: number): Float32Array {
  const { lightness, alpha } = lightnessAndAlpha(rgba);
  const planes = new Float32Array(DETAIL_PLANES * lightness.length);
  planes.set(beyondMean(lightness, sidePx));
  planes.set(beyondMean(alpha, sidePx), lightness.length);
  planes.set(lines(lightness, alpha, sidePx), 2 * lightness.length);
  return planes;
}

/** All but the outline: a style may put a line around things, or a ground behind them. */
export function innerPlanes(rgba: Uint8Array, sidePx: number): Float32Array {
  const planes = detailPlanes(rgba, sidePx);
  const area = planes.length / DETAIL_PLANES;
  return planes.fill(0, area, 2 * area);
}

/** Where things are and nothing of what they look like: the lines alone. Bright lines on black are taken as they are. */
export function linePlanes(rgba: Uint8Array, sidePx: number): Float32Array {
  const { lightness, alpha } = lightnessAndAlpha(rgba);
  const planes = new Float32Array(DETAIL_PLANES * lightness.length);
  const drawn = isLineArt(premultipliedPlanes({ rgba }));
  const found = drawn ? lightness.map((value) => Math.min(1, 2 * value)) : lines(lightness, alpha, sidePx);
  planes.set(found, 2 * lightness.length);
  return planes;
}

/** The mean of the premultiplied colours over a middle grey. */
function lightnessAndAlpha(rgba: Uint8Array): { lightness: Float32Array; alpha: Float32Array } {
  const area = rgba.length / 4;
  const [lightness, alpha] = [new Float32Array(area), new Float32Array(area)];
  for (let i = 0, at = 0; i < area; i++, at += 4) {
    const opacity = (rgba[at + 3] as number) / 255;
    const colour = ((rgba[at] as number) + (rgba[at + 1] as number) + (rgba[at + 2] as number)) / 765;
    lightness[i] = colour * opacity + (1 - opacity) / 2;
    alpha[i] = opacity;
  }
  return { lightness, alpha };
}

/** What a plane has beyond its mean around each pixel; the mean is over what lies within the picture. */
function beyondMean(plane: Float32Array, side: number): Float32Array {
  const means = downwardMeans(alongMeans(plane, side), side);
  for (let i = 0; i < plane.length; i++) means[i] = (plane[i] as number) - (means[i] as number);
  return means;
}

/** How many of the `REACH` neighbours on both sides of a pixel, and itself, lie within the picture. */
const within = (at: number, side: number): number => Math.min(side, at + REACH + 1) - Math.max(0, at - REACH);

function alongMeans(plane: Float32Array, side: number): Float32Array {
  const means = new Float32Array(plane.length);
  for (let row = 0; row < plane.length; row += side) {
    let sum = 0;
    for (let x = 0; x < REACH; x++) sum += plane[row + x] as number;
    for (let x = 0; x < side; x++) {
      if (x + REACH < side) sum += plane[row + x + REACH] as number;
      if (x > REACH) sum -= plane[row + x - REACH - 1] as number;
      means[row + x] = sum / within(x, side);
    }
  }
  return means;
}

/** The same from top to bottom, whole rows at a time. */
function downwardMeans(plane: Float32Array, side: number): Float32Array {
  const means = new Float32Array(plane.length);
  const sums = new Float64Array(side);
  const add = (y: number, sign: 1 | -1) => {
    for (let x = 0, at = y * side; x < side; x++, at++)
      sums[x] = (sums[x] as number) + sign * (plane[at] as number);
  };
  for (let y = 0; y < REACH; y++) add(y, 1);
  for (let y = 0; y < side; y++) {
    if (y + REACH < side) add(y + REACH, 1);
    if (y > REACH) add(y - REACH - 1, -1);
    const share = 1 / within(y, side);
    for (let x = 0, at = y * side; x < side; x++, at++) means[at] = (sums[x] as number) * share;
  }
  return means;
}

/** How steeply lightness or alpha rise: 1 for a quarter of the whole range between a pixel's two neighbours. */
function lines(lightness: Float32Array, alpha: Float32Array, side: number): Float32Array {
  const out = new Float32Array(lightness.length);
  const last = side - 1;
  for (let y = 0; y < side; y++) {
    const row = y * side;
    const [above, below] = [y > 0 ? row - side : row, y < last ? row + side : row];
    for (let x = 0; x < side; x++) {
      const [left, right] = [x > 0 ? x - 1 : 0, x < last ? x + 1 : last];
      const a = (lightness[row + right] as number) - (lightness[row + left] as number);
      const b = (lightness[below + x] as number) - (lightness[above + x] as number);
      const c = (alpha[row + right] as number) - (alpha[row + left] as number);
      const d = (alpha[below + x] as number) - (alpha[above + x] as number);
      const steepness = a * a + b * b + c * c + d * d;
      out[row + x] = steepness === 0 ? 0 : Math.min(1, LINE_GAIN * Math.sqrt(steepness));
    }
  }
  return out;
}
