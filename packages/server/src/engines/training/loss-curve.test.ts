import { describe, expect, it } from 'vitest';
import { LossCurve } from './loss-curve.ts';

const curve = (steps: number, told: readonly (readonly [number, number])[]) => {
  const of = new LossCurve(steps);
  return told.flatMap(([step, loss]) => {
    const point = of.add(step, loss);
    return point ? [point] : [];
  });
};

describe('a loss curve', () => {
  it('has a point at each multiple of its interval: the mean since the one before', () => {
    const told = Array.from({ length: 10 }, (_, index) => [index + 1, index + 1] as const);
    expect(curve(750, told)).toEqual([
      [5, 3],
      [10, 8],
    ]);
  });

  it('has a point at the first step after a multiple that is not told', () => {
    expect(
      curve(750, [
        [3, 1],
        [7, 2],
        [8, 4],
        [12, 6],
      ]),
    ).toEqual([
      [7, 1.5],
      [12, 5],
    ]);
  });

  it('goes on in the middle of an interval, and again from an earlier step', () => {
    expect(
      curve(750, [
        [503, 1],
        [505, 3],
        [504, 9],
        [505, 1],
      ]),
    ).toEqual([
      [505, 2],
      [505, 5],
    ]);
  });
});
