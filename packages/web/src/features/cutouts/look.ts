import { create } from 'zustand';
import type { Ground } from './grounds.ts';

export type View = 'slider' | 'side' | 'result';

/** How results are looked at; it stays from one picture to the next. */
export const useLook = create<{ view: View; ground: Ground }>(() => ({
  view: 'slider',
  ground: 'checkerboard',
}));
