import { expect, test } from 'vitest';
import { placeOf, secondsAhead, secondsLeft } from './forecast.ts';
import { withDetail } from './task-news.ts';
import { familyOf, frameOf, taskOf } from './testing-tasks.ts';

const running = taskOf({
  id: 5,
  status: 'running',
  frames: [
    frameOf(0, { status: 'completed', progress: 1 }),
    frameOf(1, { status: 'running', progress: 0.5 }),
    frameOf(2),
    frameOf(3),
  ],
});

test('what is left is what is not painted yet', () => {
  expect(secondsLeft(running, 2)).toBe(5);
  expect(secondsLeft(running, null)).toBeNull();
});

test('a waiting picture knows its place and when it starts', () => {
  const [, , third, fourth] = running.frames;
  expect(placeOf(running, third ?? frameOf(2), 2)).toEqual({ place: 1, seconds: 1 });
  expect(placeOf(running, fourth ?? frameOf(3), 2)).toEqual({ place: 2, seconds: 3 });
});

test('a task waits for older tasks of its kind only', () => {
  const cutOut = taskOf({ id: 4, task_kind: 'remove_bg', status: 'running', family: 'cut' });
  const entries = [running, cutOut].map((task) => withDetail(undefined, task));
  const families = [familyOf({ seconds_per_frame: 2 }), familyOf({ id: 'cut', seconds_per_frame: 50 })];
  expect(secondsAhead(entries, families, { id: 9, task_kind: 'generation' })).toBe(5);
  expect(secondsAhead(entries, families, { id: 2, task_kind: 'generation' })).toBe(0);
});
