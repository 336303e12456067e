import { MAX_CHECKPOINTS } from '@limner/contract';
import { expect, test } from 'vitest';
import { isKeptStep } from './checkpoint-steps.ts';

/** Offered one after the other, as a run does. */
function keptOf(offered: number[], steps: number): number[] {
  const kept: number[] = [];
  for (const step of offered) if (isKeptStep(step, steps, kept)) kept.push(step);
  return kept;
}
const every = (gap: number, steps: number) => Array.from({ length: steps / gap }, (_, at) => gap * (at + 1));

test.each([
  [250, 2000, [250, 500, 750, 1000, 1250, 1500, 1750]],
  [25, 300, [25, 75, 125, 175, 225, 275]],
  [1, 6, [1, 2, 3, 4, 5]],
])(
  'of LoRAs after every %i of %i steps, those of a spread are kept, and never the last',
  (gap, steps, kept) => {
    expect(keptOf(every(gap, steps), steps)).toEqual(kept);
  },
);

test('no run keeps more than the limit, also one that begins again at an earlier step', () => {
  const twice = [...every(10, 500), ...every(7, 700)];
  expect(keptOf(twice, 1000).length).toBeLessThanOrEqual(MAX_CHECKPOINTS);
  expect(keptOf(every(1, 1000), 1000)).toHaveLength(MAX_CHECKPOINTS);
});
