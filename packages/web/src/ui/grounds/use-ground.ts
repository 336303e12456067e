import { create } from 'zustand';
import type { Ground } from './grounds.ts';

/** The background of transparent pictures, kept on every page. */
export const useGround = create<{ ground: Ground }>(() => ({ ground: 'checkerboard' }));
