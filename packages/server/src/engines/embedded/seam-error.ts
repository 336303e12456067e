/** How well the opposite edges of a picture meet, measured. */
import type { Pixels } from './picture.ts';

export interface SeamError {
  /** Over the left and right edge; up to 1: they meet like columns beside each other inside. */
  x: number;
  /** Over the upper and lower edge. */
  y: number;
}

/** Inside a picture of one colour every step is zero; half a level is never seen. */
const LEAST_STEP = 0.5;

/** A picture that continues may do so at one of its edges inside, so the step is compared with the large ones. */
const LARGE = 0.95;

/** The step over the edges, in proportion to the large steps between columns and rows that lie beside each other inside. */
export function seamError(pixels: Pixels): SeamError {
  return { x: errorAlong(pixels, true), y: errorAlong(pixels, false) };
}

function errorAlong(pixels: Pixels, columns: boolean): number {
  const side = columns ? pixels.width : pixels.height;
  if (side < 2) return 0;
  const inside = Array.from({ length: side - 1 }, (_, line) => step(pixels, line, line + 1, columns));
  const large = inside.toSorted((a, b) => a - b)[Math.floor(LARGE * (side - 2))] ?? 0;
  return step(pixels, side - 1, 0, columns) / Math.max(LEAST_STEP, large);
}

/** Mean difference of two columns, or two rows, in levels, as seen on black: what is transparent has no colour. */
function step({ rgba, width, height }: Pixels, a: number, b: number, columns: boolean): number {
  const length = columns ? height : width;
  const at = (line: number, along: number): number =>
    4 * (columns ? along * width + line : line * width + along);
  let sum = 0;
  for (let along = 0; along < length; along++) {
    const [from, to] = [at(a, along), at(b, along)];
    const [alphaFrom, alphaTo] = [rgba[from + 3] as number, rgba[to + 3] as number];
    for (let c = 0; c < 3; c++)
      sum += Math.abs((rgba[from + c] as number) * alphaFrom - (rgba[to + c] as number) * alphaTo) / 255;
    sum += Math.abs(alphaFrom - alphaTo);
  }
  return sum / (4 * length);
}
