import { expect, it } from 'vitest';
import { silenceMs, timing, timingOf } from './job-timing.ts';

it('a video may be silent for longer than a picture, while it runs and while it waits', () => {
  const usual = timing(300_000);
  expect(timingOf(usual, 'generation')).toEqual(usual);
  expect(timingOf(usual, 'video').runningMs).toBe(6 * usual.runningMs);
  expect(timingOf(usual, 'video').waitingMs).toBeGreaterThanOrEqual(timingOf(usual, 'video').runningMs);
  // The worker's own limit is no shorter than the engine's.
  expect(silenceMs(300_000, 'video')).toBe(timingOf(usual, 'video').runningMs);
});
