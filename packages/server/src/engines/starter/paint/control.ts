import type { ControlType } from '@limner/contract';

/** What the painting model can follow; it knows neither depth nor bodies. */
export const PAINT_CONTROLS = ['canny', 'blur', 'tile'] as const satisfies ControlType[];

/** A picture that says where things are. */
export interface PaintControl {
  type: (typeof PAINT_CONTROLS)[number];
  picture: Buffer;
  /** 0…2; 0 is the same as no control. */
  strength: number;
  /** The share of the steps in which it counts, 0…1. */
  start: number;
  end: number;
}
