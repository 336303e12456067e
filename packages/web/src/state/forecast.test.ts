import { expect, test } from 'vitest';
import { placeOf, secondsLeft } from './forecast.ts';
import { frameOf, taskOf } from './testing-tasks.ts';

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
