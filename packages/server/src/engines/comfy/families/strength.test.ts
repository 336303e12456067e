import { describe, expect, test } from 'vitest';
import { scheduleFor } from './strength.ts';

/** What ComfyUI's sampler makes of the two numbers it is sent. */
const asComfyRuns = ({ steps, denoise }: { steps: number; denoise: number }) =>
  denoise > 0.9999 ? { steps, effective: 1 } : { steps, effective: steps / Math.floor(steps / denoise) };

const strengths = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);

describe('the strength of image to image', () => {
  test.each([1, 2, 3, 4, 6, 8, 20, 25, 50])('is what the sampler really does, at %i steps', (steps) => {
    for (const strength of strengths) {
      const schedule = scheduleFor(steps, strength);
      expect(asComfyRuns(schedule).effective).toBeCloseTo(schedule.effective, 10);
      expect(schedule.effective).toBeGreaterThan(0);
    }
  });

  test('is within a twentieth of what was asked for, even at four steps', () => {
    for (const strength of strengths) {
      expect(Math.abs(scheduleFor(4, strength).effective - strength)).toBeLessThanOrEqual(0.051);
    }
  });

  test('never ignores the input unless that is asked for', () => {
    for (const strength of strengths) {
      expect(scheduleFor(4, strength).effective === 1).toBe(strength === 1);
    }
  });

  test('takes no more steps than it needs', () => {
    expect(scheduleFor(4, 0.6)).toEqual({ steps: 3, denoise: 0.5455, effective: 0.6 });
    expect(scheduleFor(4, 0.5).steps).toBe(2);
    expect(scheduleFor(25, 0.6)).toMatchObject({ steps: 15, effective: 0.6 });
  });
});
