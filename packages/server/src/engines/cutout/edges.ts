/**
 * Alpha and true colours along the outline. There a pixel is a mixture of α parts thing and 1 − α parts ground. The
 * ground is known; the thing's colour is taken from pixels a little further inside, the one that explains the mixture
 * best. Both give α, and the ground's part is removed from the pixel's colour.
 */
import type { Size } from '@limner/contract';
import type { Pixels } from '../embedded/picture.ts';
import { type Ground, median } from './ground.ts';
import { eachAround, stepsFrom } from './regions.ts';

export interface EdgeInput {
  pixels: Pixels;
  ground: Ground;
  /** 1 where there is only ground. */
  outside: Uint8Array;
  /** How far each pixel's colour is from the ground's. */
  distance: Float32Array;
  /** Distances below this are the ground's own scatter. */
  threshold: number;
}

const MOST_SOFT_PX = 6;
const PROFILES = 2_000;

/** Writes alpha and unmixed colours into `pixels`. Returns the width of the soft outline in pixels. */
export function freeEdges(input: EdgeInput): { softnessPx: number } {
  const { pixels, outside } = input;
  const inside = outside.map((one) => 1 - one);
  const depth = stepsFrom(pixels, outside, 2 * MOST_SOFT_PX + 2);
  const softnessPx = softness(pixels, depth, input.distance);
  const reach = stepsFrom(pixels, inside, 2);
  const source = Buffer.from(pixels.rgba);
  const line = new Float32Array(3 * pixels.width);
  for (let y = 0; y < pixels.height; y++) {
    input.ground.row(y, line);
    for (let x = 0; x < pixels.width; x++) {
      const pixel = y * pixels.width + x;
      if (outside[pixel] ? (reach[pixel] as number) > 1 : (depth[pixel] as number) > softnessPx) {
        pixels.rgba[4 * pixel + 3] = outside[pixel] ? 0 : 255;
      } else {
        freePixel(input, source, depth, softnessPx, pixel, line.subarray(3 * x, 3 * x + 3));
      }
    }
  }
  return { softnessPx };
}

/** Median number of pixels from the outline inwards until the thing has its full colour. */
function softness(size: Size, depth: Uint8Array, distance: Float32Array): number {
  const rim: number[] = [];
  for (let pixel = 0; pixel < depth.length; pixel++) if (depth[pixel] === 1) rim.push(pixel);
  const every = Math.max(1, Math.floor(rim.length / PROFILES));
  const lengths = rim
    .filter((_, i) => i % every === 0)
    .map((pixel) => rampLength(pixel, size, depth, distance));
  return Math.min(MOST_SOFT_PX, Math.max(2, median(lengths)));
}

function rampLength(start: number, size: Size, depth: Uint8Array, distance: Float32Array): number {
  const profile = [distance[start] as number];
  for (let at = start; profile.length < MOST_SOFT_PX + 2; ) {
    let next = -1;
    eachAround(at, size, 1, (other) => {
      const deeper = (depth[other] as number) > (depth[at] as number);
      if (deeper && (next < 0 || (distance[other] as number) > (distance[next] as number))) next = other;
    });
    if (next < 0) break;
    profile.push(distance[next] as number);
    at = next;
  }
  const full = 0.9 * Math.max(...profile);
  return profile.findIndex((value) => value >= full) + 1;
}

function freePixel(
  { pixels, distance, threshold }: EdgeInput,
  source: Buffer,
  depth: Uint8Array,
  softnessPx: number,
  pixel: number,
  ground: Float32Array,
): void {
  const { rgba } = pixels;
  const own = [0, 1, 2].map((c) => (source[4 * pixel + c] as number) - (ground[c] as number)) as [
    number,
    number,
    number,
  ];
  const scatter = 4 + threshold * threshold;
  let [weights, alphas] = [0, 0];
  const colour: [number, number, number] = [0, 0, 0];
  const consider = (other: number): void => {
    const deeper = (depth[other] as number) - (depth[pixel] as number);
    if (
      depth[other] === 0 ||
      (deeper <= 0 && (distance[other] as number) <= 1.05 * (distance[pixel] as number))
    )
      return;
    const r = (source[4 * other] as number) - (ground[0] as number);
    const g = (source[4 * other + 1] as number) - (ground[1] as number);
    const b = (source[4 * other + 2] as number) - (ground[2] as number);
    const length = r * r + g * g + b * b;
    if (length < 2.25 * threshold * threshold) return;
    const share = Math.min(1, Math.max(0, (own[0] * r + own[1] * g + own[2] * b) / length));
    const off = (own[0] - share * r) ** 2 + (own[1] - share * g) ** 2 + (own[2] - share * b) ** 2;
    // A pixel within the soft outline is itself mixed, so it has less weight.
    const shallow = Math.max(0, softnessPx + 1 - (depth[other] as number));
    const weight = Math.exp(-off / scatter - 1.5 * shallow) + 1e-12;
    weights += weight;
    alphas += weight * share;
    colour[0] += weight * (r + (ground[0] as number));
    colour[1] += weight * (g + (ground[1] as number));
    colour[2] += weight * (b + (ground[2] as number));
  };
  eachAround(pixel, pixels, softnessPx + 1, consider);
  if (weights === 0) {
    rgba[4 * pixel + 3] = depth[pixel] === 0 ? 0 : 255;
    return;
  }
  const contrast = Math.hypot(...colour.map((sum, c) => sum / weights - (ground[c] as number)));
  // Removes what may be the ground's own scatter at both ends.
  const haze = Math.min(0.2, (0.5 * threshold) / contrast);
  const alpha = Math.min(1, Math.max(0, (alphas / weights - haze) / (1 - 2 * haze)));
  rgba[4 * pixel + 3] = Math.round(255 * alpha);
  // The less of the thing is in a pixel, the more its colour is rounding error, and the more its neighbours count.
  const trust = Math.min(1, Math.max(0, (alpha - 0.1) / 0.3));
  for (let c = 0; c < 3; c++) {
    const neighbours = (colour[c] as number) / weights;
    const freed = (ground[c] as number) + (own[c] as number) / Math.max(alpha, 0.05);
    rgba[4 * pixel + c] = Math.round(Math.min(255, Math.max(0, trust * freed + (1 - trust) * neighbours)));
  }
}
