import type { Frame, TaskEvent } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pacer } from './pacer.ts';

let version = 0;
const frame = (index: number, progress: number, status: Frame['status'] = 'running'): Frame => ({
  index,
  status,
  seed: 0,
  progress,
  tries: 1,
  output: null,
  outputs: [],
  preview_url: null,
  error: null,
  started_at: null,
  completed_at: null,
});

const event = (id: number, frames: Frame[], status: TaskEvent['status'] = 'running'): TaskEvent => ({
  kind: 'generation',
  id,
  status,
  progress: 0,
  current_frame: 0,
  total_frames: 2,
  frame_progress: null,
  output_paths: [],
  finished_frames: 0,
  stars: 0,
  error: null,
  expires_at: null,
  timestamp: new Date(0).toISOString(),
  version: ++version,
  frames,
});

let passed: { event: TaskEvent; isProgress: boolean }[];
let pacer: Pacer;
const progresses = () => passed.map((item) => item.event.frames[0]?.progress);

beforeEach(() => {
  vi.useFakeTimers();
  passed = [];
  pacer = new Pacer((event, isProgress) => passed.push({ event, isProgress }), 100);
});
afterEach(() => {
  pacer.close();
  vi.useRealTimers();
});

describe('the pacer', () => {
  it('passes the first news on at once, then progress ten times a second at most, the latest only', () => {
    for (let step = 0; step <= 100; step++) {
      pacer.push(event(1, [frame(0, step / 100)]));
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(100);
    expect(passed.length).toBeLessThanOrEqual(13);
    expect(progresses().at(0)).toBe(0);
    expect(progresses().at(-1)).toBe(1);
    expect(progresses()).toEqual([...progresses()].sort());
  });

  it('passes progress on without waiting when there was none lately', () => {
    pacer.push(event(1, [frame(0, 0)]));
    vi.advanceTimersByTime(500);
    pacer.push(event(1, [frame(0, 0.5)]));
    expect(passed.map((item) => item.isProgress)).toEqual([false, true]);
  });

  it('passes a change of state on at once, and never an older version after it', () => {
    pacer.push(event(1, [frame(0, 0)]));
    pacer.push(event(1, [frame(1, 0)]));
    pacer.push(event(1, [frame(0, 0.2)]));
    pacer.push(event(1, [frame(0, 0.3)]));
    pacer.push(event(1, [frame(1, 0.4)]));
    pacer.push(event(1, [frame(1, 1, 'completed')]));
    vi.advanceTimersByTime(1000);
    const versions = passed.map((item) => item.event.version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(progresses()).toEqual([0, 0, 0.2, 0.3, 1]);
  });

  it('drops the progress of a frame whose state overtook it', () => {
    pacer.push(event(1, [frame(0, 0)]));
    pacer.push(event(1, [frame(0, 0.1)]));
    pacer.push(event(1, [frame(0, 0.9)]));
    pacer.push(event(1, [frame(0, 1, 'completed')], 'completed'));
    vi.advanceTimersByTime(1000);
    expect(progresses()).toEqual([0, 0.1, 1]);
  });

  it('paces every task on its own', () => {
    for (const id of [1, 2, 3]) pacer.push(event(id, [frame(0, 0)]));
    vi.advanceTimersByTime(200);
    for (const id of [1, 2, 3]) pacer.push(event(id, [frame(0, 0.5)]));
    expect(passed).toHaveLength(6);
  });
});
