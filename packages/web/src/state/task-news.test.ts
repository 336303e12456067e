import { describe, expect, test } from 'vitest';
import { withDetail, withEvent, withItem, withoutPictures } from './task-news.ts';
import { eventOf, frameOf, outputOf, taskOf } from './testing-tasks.ts';

describe('news of a task', () => {
  test('an event changes the frames it names and leaves the others', () => {
    const entry = withDetail(undefined, taskOf({ version: 1 }));
    const painted = frameOf(1, { status: 'running', progress: 0.5 });
    const after = withEvent(entry, eventOf(2, { frames: [painted] }));
    expect(after.detail?.frames).toEqual([frameOf(0), painted]);
    expect(after.item.status).toBe('running');
    expect(after.item.started_at).toBe('2026-05-04T10:00:05.000Z');
  });

  test('an event with as many frames as the task has left takes the deleted ones down', () => {
    const entry = withDetail(undefined, taskOf({ version: 1, frames: [frameOf(0), frameOf(1), frameOf(2)] }));
    const left = [frameOf(0), frameOf(2)];
    const after = withEvent(entry, eventOf(2, { total_frames: 2, frames: left }));
    expect(after.detail?.frames).toEqual(left);
    expect(after.item.total_frames).toBe(2);
  });

  test('an event that is not newer changes nothing', () => {
    const entry = withDetail(undefined, taskOf({ version: 5, status: 'completed' }));
    expect(withEvent(entry, eventOf(5))).toBe(entry);
    expect(withEvent(entry, eventOf(4))).toBe(entry);
  });

  test('a detail that is behind the row of a list still takes the events between them', () => {
    const entry = withItem(
      withDetail(undefined, taskOf({ version: 1 })),
      taskOf({ version: 3, status: 'running' }),
    );
    const painted = frameOf(0, { status: 'completed', progress: 1 });
    const after = withEvent(entry, eventOf(3, { frames: [painted] }));
    expect(after.detail?.frames[0]).toEqual(painted);
    expect(after.item).toBe(entry.item);
  });

  test('a row or an answer that arrives late does not undo newer news', () => {
    const entry = withEvent(
      withDetail(undefined, taskOf({ version: 1 })),
      eventOf(9, { status: 'completed' }),
    );
    expect(withItem(entry, taskOf({ version: 2 }))).toBe(entry);
    expect(withDetail(entry, taskOf({ version: 2 })).detail?.version).toBe(9);
  });

  test('a retried task has no end any more', () => {
    const ended = withDetail(
      undefined,
      taskOf({ status: 'failed', completed_at: '2026-05-04T10:01:00.000Z' }),
    );
    expect(withEvent(ended, eventOf(2, { status: 'queued' })).item.completed_at).toBeNull();
  });

  test('a deleted video is gone with its poster and frames', () => {
    const roles = ['main', 'poster', 'still'] as const;
    const outputs = roles.map((role, place) => ({ ...outputOf(1, 0, place), role }));
    const entry = withDetail(undefined, taskOf({ frames: [frameOf(0, { outputs }), frameOf(1)] }));
    const after = withoutPictures(entry, new Set(['1_0']));
    expect(after.detail?.frames.map(({ index }) => index)).toEqual([1]);
  });
});
