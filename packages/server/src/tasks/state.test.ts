import type { FrameStatus } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { finalStatus, hasWork, taskProgress } from './state.ts';

const frames = (...statuses: FrameStatus[]) => statuses.map((status) => ({ status }));

describe('a task ends', () => {
  it.each([
    [['completed', 'completed'], false, 'completed'],
    [['completed', 'failed'], false, 'partial'],
    [['failed', 'failed'], false, 'failed'],
    [['cancelled', 'cancelled'], false, 'cancelled'],
    [['completed', 'cancelled'], false, 'completed'],
    [['failed', 'cancelled'], false, 'failed'],
    [['completed', 'failed', 'cancelled'], false, 'partial'],
    [['completed', 'cancelled'], true, 'cancelled'],
  ] as const)('with frames %j, cancelled as a whole: %s, as %s', (statuses, cancelled, expected) => {
    expect(finalStatus(frames(...statuses), cancelled)).toBe(expected);
  });

  it('not while a frame has work', () => {
    expect(hasWork(frames('completed', 'queued'))).toBe(true);
    expect(() => finalStatus(frames('completed', 'running'), false)).toThrow();
  });
});

it('counts ended frames whole and running ones by their own progress', () => {
  const list = [
    { status: 'failed' as const, progress: 0 },
    { status: 'running' as const, progress: 0.5 },
    { status: 'completed' as const, progress: 1 },
    { status: 'queued' as const, progress: 0 },
  ];
  expect(taskProgress('generation', list)).toBe(0.625);
});

it.each(['failed', 'cancelled'] as const)('counts a training that was %s by its steps', (status) => {
  expect(taskProgress('training', [{ status, progress: 0.97 * 0.13 }])).toBeCloseTo(0.13);
  expect(taskProgress('training', [{ status: 'completed', progress: 1 }])).toBe(1);
});
