/** An animation on its way into a file: frames of one size, one at a time. */
import type { Size } from '@limner/contract';
import type { Raster } from '../../images/stack.ts';

export interface Clip extends Size {
  count: number;
  fps: number;
  loop: boolean;
  quality: number | null;
  /** Each frame once, in order. */
  frames(): AsyncIterable<Raster>;
}
