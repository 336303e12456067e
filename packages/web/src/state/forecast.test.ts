import { emptyRecipe } from '@limner/contract';
import { expect, test } from 'vitest';
import { paceOf, paceOfTask, placeOf, secondsLeft, secondsOf, secondsOfCells } from './forecast.ts';
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
const each = { low: 2, high: 4 };

test('what is left is what is not painted yet, as a range', () => {
  expect(secondsLeft(running, { each, atOnce: 1 })).toEqual({ low: 5, high: 10 });
});

test('pictures that are painted side by side take the time of one', () => {
  expect(secondsOf(4, { each, atOnce: 4 })).toEqual({ low: 2, high: 4 });
  expect(secondsOf(5, { each, atOnce: 4 })).toEqual({ low: 4, high: 8 });
  expect(secondsLeft(running, { each, atOnce: 2 })).toEqual({ low: 3, high: 6 });
});

test('nothing is said of what was not measured', () => {
  expect(secondsOf(4, { each: null, atOnce: 1 })).toBeNull();
  expect(secondsLeft(running, { each: null, atOnce: 1 })).toBeNull();
  expect(paceOf([familyOf({ measured: null })], 'starter').each).toBeNull();
  expect(paceOf([], 'gone').each).toBeNull();
});

test('a waiting picture knows its place and when it starts', () => {
  const [, , third, fourth] = running.frames;
  const pace = { each, atOnce: 1 };
  expect(placeOf(running, third ?? frameOf(2), pace)).toEqual({ place: 1, seconds: { low: 1, high: 2 } });
  expect(placeOf(running, fourth ?? frameOf(3), pace)).toEqual({ place: 2, seconds: { low: 3, high: 6 } });
});

test('a task that has painted some pictures knows best how long its others take', () => {
  const done = (index: number, from: number, to: number) =>
    frameOf(index, {
      status: 'completed',
      started_at: new Date(from * 1000).toISOString(),
      completed_at: new Date(to * 1000).toISOString(),
    });
  const frames = [done(0, 0, 30), done(1, 30, 40), done(2, 40, 52), done(3, 52, 62), frameOf(4)];
  expect(secondsLeft(taskOf({ frames }), { each, atOnce: 1 })).toEqual({ low: 10, high: 12 });
});

test('a larger picture with more steps takes as much longer as it is more', () => {
  const steps = { key: 'steps', type: 'integer', default: 20, effect: true } as const;
  const work = 512 * 512 * 20;
  const family = familyOf({ id: 'sdxl', params: [steps], measured: { low: 2, high: 3, work, servers: [] } });
  const each = (width: number | null, height: number | null, params: { steps?: number } = {}) =>
    paceOf([family], 'sdxl', { width, height, params }).each;
  expect(each(512, 512)).toEqual({ low: 2, high: 3 });
  expect(each(1024, 1024, { steps: 40 })).toEqual({ low: 16, high: 24 });
  expect(each(null, null)).toEqual({ low: 2, high: 3 });
});

test('each picture of a grid takes as long as its own size, steps and model', () => {
  const steps = { key: 'steps', type: 'integer', default: 20, effect: true } as const;
  const work = 512 * 512 * 20;
  const sdxl = familyOf({ id: 'sdxl', params: [steps], measured: { low: 2, high: 3, work, servers: [] } });
  const flux = familyOf({ id: 'flux', params: [steps], measured: { low: 10, high: 10, work, servers: [] } });
  const asked = { width: 512, height: 512, params: {}, family: 'sdxl' };
  const secondsFor = (axes: Parameters<typeof secondsOfCells>[2], families = [sdxl, flux]) =>
    secondsOfCells(families, asked, axes);
  const seeds = { field: 'seed', values: [1, 2, 3] };
  expect(secondsFor({ x: seeds })).toEqual({ low: 6, high: 9 });
  expect(secondsFor({ x: { field: 'steps', values: [10, 20, 40] } })).toEqual({ low: 7, high: 10.5 });
  expect(secondsFor({ x: { field: 'size', values: ['512x512', '1024x1024'] }, y: seeds })).toEqual({
    low: 30,
    high: 45,
  });
  expect(secondsFor({ x: { field: 'width', values: [256, 512] } })).toEqual({ low: 3, high: 4.5 });
  expect(secondsFor({ z: { field: 'family', values: ['sdxl', 'flux'] } })).toEqual({ low: 12, high: 13 });
  const unmeasured = familyOf({ id: 'flux', measured: null });
  expect(secondsFor({ z: { field: 'family', values: ['sdxl', 'flux'] } }, [sdxl, unmeasured])).toBeNull();
});

test('a file or a LoRA with fewer steps shortens the estimate, also on an axis', () => {
  const quick = { value: 'quick', label: { en: 'q', zh: 'q' } };
  const changes = [{ key: 'steps', default: 5, effect: true } as const];
  const family = familyOf({
    id: 'z-image',
    params: [
      { key: 'speed', type: 'choice', default: 'off', effect: true, choices: [{ ...quick, changes }] },
      { key: 'steps', type: 'integer', default: 20, effect: true },
    ],
    measured: { low: 4, high: 8, work: 512 * 512 * 20, servers: [] },
  });
  const asked = { width: 512, height: 512, params: { speed: 'quick' } };
  expect(paceOf([family], 'z-image', asked).each).toEqual({ low: 1, high: 2 });
  const axes = { x: { field: 'speed', values: ['off', 'quick'] } };
  expect(secondsOfCells([family], { ...asked, params: {}, family: 'z-image' }, axes)).toEqual({
    low: 5,
    high: 10,
  });
});

test('a video takes as long as its frames', () => {
  const measured = { low: 10, high: 10, work: 512 * 512 * 20 * 100, servers: [] };
  const camera = familyOf({
    measured,
    params: [{ key: 'steps', type: 'integer', default: 20, effect: true }],
  });
  const video = { end_image: null, frames: 50, seconds: null, fps: 24, keep_frames: false };
  const recipe = { ...emptyRecipe('video'), video };
  const task = taskOf({ family: 'starter', width: 512, height: 512, params: {}, recipe });
  expect(paceOfTask([camera], task).each).toEqual({ low: 5, high: 5 });
});
