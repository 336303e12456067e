import { expect, it } from 'vitest';
import { curveOf } from './curve.ts';

it('is drawn from the left edge to as far as the run has come', () => {
  const curve = curveOf(
    [
      [50, 1],
      [100, 0.5],
    ],
    200,
  );
  expect(curve?.raw).toBe('M150.0 0.0L300.0 150.0');
  expect(curve).toMatchObject({ low: 0.5, high: 1, first: 1 });
  expect(curve?.last).toBeCloseTo(0.925);
});

it('is no line before its second point, and a flat one where nothing changes', () => {
  expect(curveOf([[1, 0.4]], 10)).toBeNull();
  expect(
    curveOf(
      [
        [1, 0.4],
        [2, 0.4],
      ],
      2,
    )?.mean,
  ).toBe('M300.0 150.0L600.0 150.0');
});
