/** A seed as somebody types it. Pure. */
import { isSeedAbove, type Seed, seedOf } from '@limner/contract';

/** Digits may be grouped, and full-width ones count: an input method writes those. */
const GROUPING = /[\s,_'\u00a0\u2009\u202f]/g;

export type ReadSeed =
  | { seed: Seed | null; problem: null }
  /** `number`: it is no whole number. `range`: it is greater than the model takes. */
  | { seed: null; problem: 'number' | 'range' };

/** Nothing typed is no seed: each picture draws its own. */
export function readSeed(text: string, max: Seed): ReadSeed {
  const digits = text.normalize('NFKC').replace(GROUPING, '');
  if (digits === '') return { seed: null, problem: null };
  if (!/^\d+$/.test(digits)) return { seed: null, problem: 'number' };
  const seed = seedOf(digits);
  if (seed === null || isSeedAbove(seed, max)) return { seed: null, problem: 'range' };
  return { seed, problem: null };
}
