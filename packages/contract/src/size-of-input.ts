/** The size of a picture that is painted from an input picture without a requested size. */
import type { Family } from './family.ts';
import type { Size } from './size.ts';

type Limits = NonNullable<Family['size']>;

/** The input's aspect ratio at the family's usual area. A ratio beyond the family's limits is changed to the nearest one. */
export function sizeOfInput(
  { default: own, default_height = own, min, max, step }: Limits,
  input: Size,
): Size {
  const least = Math.ceil(min / step) * step;
  const most = Math.floor(max / step) * step;
  const usual = Math.sqrt((own * default_height) / (input.width * input.height));
  const largest = most / Math.max(input.width, input.height);
  const smallest = least / Math.min(input.width, input.height);
  const scale = Math.max(smallest, Math.min(usual, largest));
  const side = (px: number) => Math.min(most, Math.max(least, Math.round((px * scale) / step) * step));
  return { width: side(input.width), height: side(input.height) };
}

/** True if one is the other at some scale, with each side off by a step at most. */
export function hasShapeOf(made: Size, input: Size, step: number): boolean {
  const scales = (off: number) => [(made.width + off) / input.width, (made.height + off) / input.height];
  return Math.max(...scales(-step)) <= Math.min(...scales(step));
}
