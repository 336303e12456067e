import { describe, expect, it } from 'vitest';
import { startsOf } from './queue-places.ts';

describe('a task that waits', () => {
  it('starts when the first place gets free', () => {
    expect(startsOf([8, 3], [5], 2)).toEqual([3]);
  });

  it('waits for those before it, place by place', () => {
    expect(startsOf([4], [10, 10, 10], 1)).toEqual([4, 14, 24]);
    expect(startsOf([4, 6], [10, 10, 10], 2)).toEqual([4, 6, 14]);
  });

  it('starts at once where a place is free', () => {
    expect(startsOf([], [5, 5], 1)).toEqual([0, 5]);
  });

  it('does not know when, while the durations before it are unknown', () => {
    expect(startsOf([null], [5], 1)).toEqual([null]);
    expect(startsOf([3, null], [null, 5], 2)).toEqual([3, null]);
  });
});
