import type { ControlType } from '@limner/contract';

/** Control types of the painting model; it supports neither depth nor pose. */
export const PAINT_CONTROLS = ['canny', 'blur', 'tile'] as const satisfies ControlType[];

/** A control picture. */
export interface PaintControl {
  type: (typeof PAINT_CONTROLS)[number];
  picture: Buffer;
  /** 0…2; 0 is the same as no control. */
  strength: number;
  /** The range of steps in which it has an effect, 0…1. */
  start: number;
  end: number;
}
