import { StudioError } from '@limner/contract';
import { expect, it } from 'vitest';
import { growingPauseMs, MAX_RUNS, Setbacks } from './setbacks.ts';

const refusal = (frame: number) => ({ frame, error: new StudioError('internal', { data: { id: 'x' } }) });
const times = (count: number) => Array.from({ length: count }, (_, index) => index);

it('of one frame pause twice as long each time, and then it must fail with the reason', () => {
  const setbacks = new Setbacks(1_000);
  const first = refusal(2);
  expect(setbacks.reasonToFail(1, 2)).toBeNull();
  expect(times(MAX_RUNS).map(() => setbacks.add(1, first))).toEqual([1_000, 2_000, 4_000]);
  expect(setbacks.reasonToFail(1, 2)).toBe(first.error);
  expect([setbacks.reasonToFail(1, 0), setbacks.reasonToFail(2, 2)]).toEqual([null, null]);
});

it('of another frame, or after the task has ended, count anew', () => {
  const setbacks = new Setbacks(1_000);
  for (const frame of [0, 0, 1]) setbacks.add(1, refusal(frame));
  expect(setbacks.reasonToFail(1, 1)).toBeNull();
  expect(setbacks.add(1, refusal(1))).toBe(2_000);
  setbacks.forget(1);
  expect(setbacks.add(1, refusal(1))).toBe(1_000);
});

it('of no frame never make one fail', () => {
  const setbacks = new Setbacks(1_000);
  for (const _ of times(9)) setbacks.add(1, null);
  expect(setbacks.reasonToFail(1, 0)).toBeNull();
});

it('pause for a minute at most', () => {
  expect([1, 2, 6, 7, 40].map((count) => growingPauseMs(1_000, count))).toEqual([
    1_000, 2_000, 32_000, 60_000, 60_000,
  ]);
});
