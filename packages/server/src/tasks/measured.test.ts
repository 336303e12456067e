import { timesWork } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { measuredFamily } from './measured.ts';
import type { TimedFrame } from './store/frame-times.ts';

const frame = (startedMs: number, completedMs: number, server: string | null = null): TimedFrame => ({
  startedMs,
  completedMs,
  server,
  work: null,
});

describe('what was measured', () => {
  it('is nothing before a picture that did not load the model', () => {
    expect(measuredFamily([], true)).toBeNull();
    expect(measuredFamily([frame(0, 4_000)], true)).toBeNull();
    // Side by side, all of them waited for the model.
    expect(measuredFamily([frame(0, 4_000), frame(0, 4_100), frame(10, 4_200)], true)).toBeNull();
  });

  it('leaves out what loaded the model', () => {
    const frames = [frame(0, 4_000), frame(4_000, 4_500), frame(4_500, 5_200)];
    expect(measuredFamily(frames, true)).toMatchObject({ low: 0.5, high: 0.7 });
  });

  it('keeps the earliest where others came before it', () => {
    expect(measuredFamily([frame(0, 4_000)], false)).toMatchObject({ low: 4, median: 4, high: 4 });
  });

  it('measures servers separately, each without its own first picture', () => {
    const quick = [frame(0, 9_000, 'quick'), frame(9_000, 11_000, 'quick'), frame(11_000, 13_000, 'quick')];
    const slow = [frame(0, 30_000, 'slow'), frame(30_000, 50_000, 'slow')];
    const measured = measuredFamily([...quick, ...slow], true);
    expect(measured).toMatchObject({ low: 2, high: 20 });
    expect(measured?.servers).toEqual([
      { server: 'quick', low: 2, high: 2 },
      { server: 'slow', low: 20, high: 20 },
    ]);
  });

  it('is the time of a picture with the work of the newest, from pictures of other sizes and steps', () => {
    const [small, large] = [512 * 512 * 20, 1024 * 1024 * 20];
    const of = (startedMs: number, seconds: number, work: number) => ({
      ...frame(startedMs, startedMs + seconds * 1_000),
      work,
    });
    const newest = of(90_000, 4, large);
    expect(measuredFamily([newest, of(50_000, 1, small), of(60_000, 1.5, small)], false)).toMatchObject({
      low: 4,
      median: 4,
      high: 6,
      work: large,
    });
    expect(timesWork(small, large)).toBe(0.25);
    expect(timesWork(null, large)).toBeNull();
  });

  it('leaves out the quickest and the slowest fifth of many', () => {
    const seconds = [1, 5, 5, 6, 6, 6, 7, 7, 8, 90];
    const frames = seconds.map((s, at) => frame(1_000_000 * at, 1_000_000 * at + s * 1_000));
    expect(measuredFamily(frames, false)).toMatchObject({ low: 5, high: 7, median: 6 });
  });
});
