/** Parses a typed seed. Pure. */
import { isSeedAbove, type Seed, seedOf } from '@limner/contract';

/** Digits may be grouped or full-width, as input methods write them. */
const GROUPING = /[\s,_'\u00a0\u2009\u202f]/g;

export type ReadSeed =
  | { seed: Seed | null; problem: null }
  /** `number`: not a whole number. `range`: larger than the model's largest. */
  | { seed: null; problem: 'number' | 'range' };

/** Empty: each picture draws its own seed. */
export function readSeed(text: string, max: Seed): ReadSeed {
  const digits = text.normalize('NFKC').replace(GROUPING, '');
  if (digits === '') return { seed: null, problem: null };
  if (!/^\d+$/.test(digits)) return { seed: null, problem: 'number' };
  const seed = seedOf(digits);
  if (seed === null || isSeedAbove(seed, max)) return { seed: null, problem: 'range' };
  return { seed, problem: null };
}
