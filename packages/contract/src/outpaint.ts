/** Extending a picture: pixels that are added at its sides and painted, and where the original fades into them. */
import { z } from 'zod';
import { MAX_FEATHER_PX, MAX_MARGIN_PX, USUAL_FEATHER_PX } from './limits.ts';
import type { Size } from './size.ts';

const Margin = z.number().int().min(0).max(MAX_MARGIN_PX).default(0);

export const Outpaint = z.strictObject({
  left: Margin,
  top: Margin,
  right: Margin,
  bottom: Margin,
  /** Pixels of the original, along each extended side, over which it fades into what is painted. 0: a hard edge. */
  feather: z.number().int().min(0).max(MAX_FEATHER_PX).default(USUAL_FEATHER_PX),
});
export type Outpaint = z.infer<typeof Outpaint>;

export const OUTPAINT_SIDES = ['left', 'top', 'right', 'bottom'] as const;
export type OutpaintSide = (typeof OUTPAINT_SIDES)[number];
export type Margins = Pick<Outpaint, OutpaintSide>;

export const extendsNothing = (margins: Margins): boolean =>
  OUTPAINT_SIDES.every((side) => margins[side] === 0);

/** The size of the picture with its margins; the picture's own without any. */
export const extendedSize = ({ width, height }: Size, margins: Margins | null): Size =>
  margins
    ? { width: margins.left + width + margins.right, height: margins.top + height + margins.bottom }
    : { width, height };
