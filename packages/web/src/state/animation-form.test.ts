// @vitest-environment happy-dom
import { beforeAll, describe, expect, it } from 'vitest';
import { startI18n } from '../i18n/i18n.ts';
import type { AnimationFrame, AnimationSource } from './animation-choice.ts';
import {
  type AnimationForm,
  chosenFrames,
  expected,
  formFor,
  frameProblem,
  rateOf,
  rateProblem,
  requestOf,
} from './animation-form.ts';

beforeAll(() => startI18n('en'));

const frame = (width = 64, height = 48): AnimationFrame => ({
  ref: '1_0',
  url: null,
  size: { width, height },
});
const source = (frames: AnimationFrame[], fps: number | null = null): AnimationSource => ({
  name: 'walk',
  task: 1,
  frames,
  fps,
  video: null,
});
const withForm = (of: AnimationSource, change: Partial<AnimationForm> = {}) => {
  const form = { ...formFor(of), ...change };
  return { form, chosen: chosenFrames(of, form) };
};

describe('every second frame', () => {
  const video = source(Array(10).fill(frame()), 24);

  it('of a video keeps its speed', () => {
    const { form, chosen } = withForm(video, { every: 2 });
    expect(chosen.map(({ at }) => at)).toEqual([0, 2, 4, 6, 8]);
    expect(requestOf(video, form).fps).toBe(12);
    expect(chosen.length / rateOf(video, form)).toBeCloseTo(10 / 24);
  });

  it('leaves a rate that was typed, and that of pictures, as it is', () => {
    expect(rateOf(video, withForm(video, { every: 2, fps: 30 }).form)).toBe(30);
    const pictures = source(Array(10).fill(frame()));
    expect(rateOf(pictures, withForm(pictures, { every: 2 }).form)).toBe(12);
  });
});

describe('what the server would refuse', () => {
  const problemOf = (frames: AnimationFrame[], change: Partial<AnimationForm> = {}) => {
    const { form, chosen } = withForm(source(frames), change);
    return frameProblem(chosen, form);
  };

  it('is named with a cure before it is sent', () => {
    expect(problemOf(Array(1000).fill(frame()), { format: 'gif' })).toBeNull();
    expect(problemOf(Array(1001).fill(frame()))).toContain('1001 frames are more than 1000. Choose fewer');
    expect(problemOf([frame(), frame(), frame(32)])).toContain('Frame 3 has another size');
    expect(problemOf(Array(500).fill(frame()), { columns: 500, padding: 0 })).toContain(
      'would be 32000 × 48 px. The limit is 16384 pixels per side',
    );
    expect(problemOf([])).toContain('No frame is chosen');
    expect(rateProblem('gif', 60)).toContain('at most 50');
    expect(rateProblem('apng', 60)).toBeNull();
  });

  it('is not a sheet that is smaller without its transparent edges, or reduced', () => {
    const wide = Array(500).fill(frame());
    expect(problemOf(wide, { columns: 500, trim: true })).toBeNull();
    expect(problemOf(wide, { columns: 500, padding: 0, maxSide: 32 })).toBeNull();
  });
});

it('says how large a sheet becomes', () => {
  const { form, chosen } = withForm(source(Array(4).fill(frame())), { columns: 2, padding: 1 });
  expect(expected(chosen, form)).toMatchObject({
    size: { width: 64, height: 48 },
    sheet: { width: 131, height: 99, columns: 2, rows: 2 },
  });
});
