import { create } from 'zustand';
import type { Ground } from './grounds.ts';

/** On what transparent pictures are looked at; it stays from one picture to the next, on every page. */
export const useGround = create<{ ground: Ground }>(() => ({ ground: 'checkerboard' }));
