/** The size of a picture that is painted from an input picture without a requested size. */
import type { Family } from './family.ts';
import type { Size } from './size.ts';

type Limits = NonNullable<Family['size']>;

/** The input's aspect ratio at the family's usual area. A ratio beyond the family's limits is changed to the nearest one. */
export function sizeOfInput(limits: Limits, input: Size): Size {
  const { default: own, default_height = own } = limits;
  const { least, most } = endsOf(limits);
  const usual = Math.sqrt((own * default_height) / (input.width * input.height));
  const largest = most / Math.max(input.width, input.height);
  const smallest = least / Math.min(input.width, input.height);
  const scale = Math.max(smallest, Math.min(usual, largest));
  const side = (px: number) => fitSide(px * scale, limits);
  return { width: side(input.width), height: side(input.height) };
}

/** True if one is the other at some scale, with each side off by a step at most. */
export function hasShapeOf(made: Size, input: Size, step: number): boolean {
  const scales = (off: number) => [(made.width + off) / input.width, (made.height + off) / input.height];
  return Math.max(...scales(-step)) <= Math.min(...scales(step));
}

/** A side on the family's grid: the nearest multiple of the step that it paints. */
export function fitSide(px: number, limits: Pick<Limits, 'min' | 'max' | 'step'>): number {
  const { least, most } = endsOf(limits);
  return Math.min(most, Math.max(least, Math.round(px / limits.step) * limits.step));
}

const endsOf = ({ min, max, step }: Pick<Limits, 'min' | 'max' | 'step'>) => ({
  least: Math.ceil(min / step) * step,
  most: Math.floor(max / step) * step,
});
