/**
 * Guided filter: smooths a mask so that its edges follow those of a picture. Within each window the mask is taken to be
 * a straight-line function of the picture's brightness; the lines of all windows over a pixel are averaged.
 */
import type { Size } from '@limner/contract';

export function guidedFilter(
  mask: Float32Array,
  guide: Float32Array,
  size: Size,
  radius: number,
  epsilon: number,
): Float32Array {
  const mean = (values: Float32Array): Float32Array => boxMean(values, size, radius);
  const [meanGuide, meanMask] = [mean(guide), mean(mask)];
  const product = mean(mask.map((value, i) => value * (guide[i] as number)));
  const square = mean(guide.map((value) => value * value));
  const slope = new Float32Array(mask.length);
  const offset = new Float32Array(mask.length);
  for (let i = 0; i < mask.length; i++) {
    const [guided, masked] = [meanGuide[i] as number, meanMask[i] as number];
    const variance = (square[i] as number) - guided * guided;
    slope[i] = ((product[i] as number) - guided * masked) / (variance + epsilon);
    offset[i] = masked - (slope[i] as number) * guided;
  }
  const [meanSlope, meanOffset] = [mean(slope), mean(offset)];
  return guide.map((value, i) => (meanSlope[i] as number) * value + (meanOffset[i] as number));
}

/** Mean over a square window, cut off at the picture's edge; time does not grow with the radius. */
function boxMean(values: Float32Array, { width, height }: Size, radius: number): Float32Array {
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y++) slide(values, rows, y * width, 1, width, radius);
  const result = new Float32Array(values.length);
  for (let x = 0; x < width; x++) slide(rows, result, x, width, height, radius);
  return result;
}

function slide(
  from: Float32Array,
  to: Float32Array,
  start: number,
  stride: number,
  count: number,
  radius: number,
): void {
  let sum = 0;
  let inWindow = 0;
  for (let i = -radius; i < count; i++) {
    if (i + radius < count) {
      sum += from[start + (i + radius) * stride] as number;
      inWindow++;
    }
    if (i - radius - 1 >= 0) {
      sum -= from[start + (i - radius - 1) * stride] as number;
      inWindow--;
    }
    if (i >= 0) to[start + i * stride] = sum / inWindow;
  }
}
