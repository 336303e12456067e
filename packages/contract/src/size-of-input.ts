/** The size of a picture that is painted from an input picture without a requested size. */
import type { Family } from './family.ts';
import type { Size } from './size.ts';

type Limits = NonNullable<Family['size']>;

/** The input's aspect ratio at the family's usual area. A ratio beyond the family's limits is changed to the nearest one. */
export function sizeOfInput(limits: Limits, input: Size): Size {
  const { default: own, default_height = own } = limits;
  return scaled(limits, input, Math.sqrt((own * default_height) / (input.width * input.height)));
}

/** The size itself on the family's grid; beyond its limits both sides are scaled, which keeps the aspect ratio. */
export const fitSize = (limits: Limits, size: Size): Size => scaled(limits, size, 1);

/** By `usual`, or the nearest scale that the limits of both sides allow. */
function scaled(limits: Limits, { width, height }: Size, usual: number): Size {
  const { least, most } = endsOf(limits);
  const largest = most / Math.max(width, height);
  const smallest = least / Math.min(width, height);
  const scale = Math.max(smallest, Math.min(usual, largest));
  return { width: fitSide(width * scale, limits), height: fitSide(height * scale, limits) };
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
