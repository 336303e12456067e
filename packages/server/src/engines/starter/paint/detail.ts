/**
 * The detail of a picture that is painted over: what the model's 128 × 128 cannot hold. The sharpener was trained with
 * maps made in the same way (`training/starter/painting/detail.py`); both must stay equal.
 */
import { isLineArt, premultipliedPlanes } from './hints.ts';

/** Half the side of the square around a pixel whose mean is taken from it, in pixels. */
const REACH = 32;
const LINE_GAIN = 4;
/** Lightness, alpha and lines, plane by plane. */
export const DETAIL_PLANES = 3;

/** How much of a picture's detail is visible in the painting. */
export interface Detail {
  /** `DETAIL_PLANES` in −1…1, by their side in pixels: one for each enlargement. */
  planes: ReadonlyMap<number, Promise<Float32Array>>;
  /** Above 0, at most 1. */
  weight: number;
}

/** All detail, all except the outline, or only the lines. */
export type DetailKind = 'whole' | 'inner' | 'lines';

/** `rgba`: straight, `sidePx` squared. */
export type DetailMaker = (kind: DetailKind, rgba: Uint8Array, sidePx: number) => Promise<Float32Array>;

const PLANES = { whole: detailPlanes, inner: innerPlanes, lines: linePlanes };

/** In the calling thread. */
export const detailHere: DetailMaker = async (kind, rgba, sidePx) => PLANES[kind](rgba, sidePx);

/** `rgba`: straight, `sidePx` squared. */
export function detailPlanes(rgba: Uint8Array, sidePx: number): Float32Array {
  const { lightness, alpha } = lightnessAndAlpha(rgba);
  const planes = new Float32Array(DETAIL_PLANES * lightness.length);
  const [first, second, third] = planesOf(planes);
  beyondMean(lightness, sidePx, first);
  beyondMean(alpha, sidePx, second);
  lines(lightness, alpha, sidePx, third);
  return planes;
}

/** All except the outline, because a style may draw a line around things or a ground behind them. */
export function innerPlanes(rgba: Uint8Array, sidePx: number): Float32Array {
  const planes = detailPlanes(rgba, sidePx);
  planesOf(planes)[1].fill(0);
  return planes;
}

/** Only the lines: where things are, not their appearance. Bright lines on black are taken as they are. */
export function linePlanes(rgba: Uint8Array, sidePx: number): Float32Array {
  const { lightness, alpha } = lightnessAndAlpha(rgba);
  const planes = new Float32Array(DETAIL_PLANES * lightness.length);
  const third = planesOf(planes)[2];
  if (isLineArt(premultipliedPlanes({ rgba }))) third.set(lightness.map((value) => Math.min(1, 2 * value)));
  else lines(lightness, alpha, sidePx, third);
  return planes;
}

function planesOf(planes: Float32Array): [Float32Array, Float32Array, Float32Array] {
  const area = planes.length / DETAIL_PLANES;
  return [planes.subarray(0, area), planes.subarray(area, 2 * area), planes.subarray(2 * area)];
}

/** The mean of the premultiplied colours over a middle grey. */
function lightnessAndAlpha(rgba: Uint8Array): { lightness: Float32Array; alpha: Float32Array } {
  const area = rgba.length / 4;
  const [lightness, alpha] = [new Float32Array(area), new Float32Array(area)];
  for (let i = 0, at = 0; i < area; i++, at += 4) {
    const opacity = (rgba[at + 3] as number) * (1 / 255);
    const colour = ((rgba[at] as number) + (rgba[at + 1] as number) + (rgba[at + 2] as number)) * (1 / 765);
    lightness[i] = colour * opacity + (1 - opacity) / 2;
    alpha[i] = opacity;
  }
  return { lightness, alpha };
}

/**
 * A plane minus its mean around each pixel; the mean covers only pixels within the picture. Column sums move down row
 * by row, and along each row a sum of those columns; columns beyond the left and right are zero.
 */
function beyondMean(plane: Float32Array, side: number, beyond: Float32Array): void {
  const columns = new Float64Array(side + 2 * REACH + 1);
  const own = columns.subarray(REACH + 1, REACH + 1 + side);
  const shares = Float64Array.from({ length: side }, (_, at) => 1 / within(at, side));
  for (let y = 0; y < REACH; y++) addRow(own, plane, y * side, 1);
  for (let y = 0; y < side; y++) {
    if (y + REACH < side) addRow(own, plane, (y + REACH) * side, 1);
    if (y > REACH) addRow(own, plane, (y - REACH - 1) * side, -1);
    const ofRows = shares[y] as number;
    let sum = 0;
    for (let x = 0; x < 2 * REACH; x++) sum += columns[x + 1] as number;
    for (let x = 0, at = y * side; x < side; x++, at++) {
      sum += (columns[x + 2 * REACH + 1] as number) - (columns[x] as number);
      beyond[at] = (plane[at] as number) - sum * ofRows * (shares[x] as number);
    }
  }
}

/** How many of the `REACH` neighbours on both sides of a pixel, and itself, lie within the picture. */
const within = (at: number, side: number): number => Math.min(side, at + REACH + 1) - Math.max(0, at - REACH);

function addRow(sums: Float64Array, plane: Float32Array, from: number, sign: 1 | -1): void {
  for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] as number) + sign * (plane[from + x] as number);
}

/** How steeply lightness or alpha rise: 1 for a quarter of the whole range between a pixel's two neighbours. */
function lines(lightness: Float32Array, alpha: Float32Array, side: number, out: Float32Array): void {
  const last = side - 1;
  for (let y = 0; y < side; y++) {
    const row = y * side;
    const [up, down] = [y > 0 ? -side : 0, y < last ? side : 0];
    for (let x = 0, at = row; x < side; x++, at++) {
      const left = x > 0 ? at - 1 : at;
      const right = x < last ? at + 1 : at;
      const a = (lightness[right] as number) - (lightness[left] as number);
      const b = (lightness[at + down] as number) - (lightness[at + up] as number);
      const c = (alpha[right] as number) - (alpha[left] as number);
      const d = (alpha[at + down] as number) - (alpha[at + up] as number);
      const steepness = a * a + b * b + c * c + d * d;
      if (steepness > 0) out[at] = Math.min(1, LINE_GAIN * Math.sqrt(steepness));
    }
  }
}
