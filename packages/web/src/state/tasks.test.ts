import { type Frame, StudioError } from '@limner/contract';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  forgetPicture,
  forgetTask,
  greatestVersionSeen,
  keepOnly,
  loadTask,
  receiveEvents,
  receiveList,
  receiveTask,
  useTasks,
} from './tasks.ts';
import { eventOf, frameOf, outputOf, taskOf } from './testing-tasks.ts';

const call = vi.hoisted(() => vi.fn());
vi.mock('../api/api.ts', () => ({ api: { call } }));

beforeEach(() => {
  call.mockReset();
  useTasks.setState({ entries: {}, listRevision: 0 });
});

test('events that overtake the answer they belong to are applied to it', async () => {
  let answer = (_: unknown) => {};
  call.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const loading = loadTask(1);
  const painted = frameOf(0, { status: 'completed', progress: 1 });
  receiveEvents([eventOf(7, { frames: [painted] })]);
  answer(taskOf({ version: 6 }));
  await loading;
  expect(useTasks.getState().entries[1]?.detail?.frames[0]).toEqual(painted);
  expect(greatestVersionSeen()).toBeGreaterThanOrEqual(7);
});

test('news of an unknown task asks for it once', async () => {
  call.mockResolvedValue(taskOf({ id: 4, version: 9 }));
  receiveEvents([eventOf(8, { id: 4 }), eventOf(9, { id: 4 })]);
  await vi.waitFor(() => expect(useTasks.getState().entries[4]?.detail).not.toBeNull());
  expect(call).toHaveBeenCalledTimes(1);
});

test('a deleted task is gone, also when an answer with it arrives afterwards', async () => {
  const task = taskOf({ id: 2 });
  receiveTask(task);
  receiveEvents([eventOf(20, { id: 2, deleted: true })]);
  expect(useTasks.getState().entries[2]).toBeUndefined();
  receiveList([task]);
  receiveTask(task);
  expect(useTasks.getState().entries[2]).toBeUndefined();
});

test('a task that was forgotten here is not brought back by a list that was on its way', () => {
  const task = taskOf({ id: 3, version: 5 });
  receiveTask(task);
  forgetTask(3);
  receiveList([task]);
  expect(useTasks.getState().entries[3]).toBeUndefined();
});

test('progress alone does not make lists anew; an end does', () => {
  receiveTask(taskOf({ status: 'running', version: 1 }));
  const { listRevision } = useTasks.getState();
  receiveEvents([eventOf(30, { progress: 0.6 })]);
  expect(useTasks.getState().listRevision).toBe(listRevision);
  receiveEvents([eventOf(31, { status: 'completed', progress: 1 })]);
  expect(useTasks.getState().listRevision).toBe(listRevision + 1);
});

test('tasks deleted while disconnected are forgotten; tasks older than the answer stay', () => {
  for (const id of [1, 5, 6, 7]) receiveTask(taskOf({ id }));
  keepOnly([1, 5, 6], [6], 4);
  expect(Object.keys(useTasks.getState().entries)).toEqual(['1', '6', '7']);
});

test('a task that turns out to be gone is forgotten', async () => {
  receiveTask(taskOf({ id: 3 }));
  call.mockRejectedValue(new StudioError('task_not_found', { data: { id: 3 } }));
  await expect(loadTask(3, true)).rejects.toThrow();
  expect(useTasks.getState().entries[3]).toBeUndefined();
});

describe('a deleted picture', () => {
  const picture = (index: number): Frame =>
    frameOf(index, {
      status: 'completed',
      output: { id: `9_${index}`, url: `/${index}.png` } as Frame['output'],
    });
  const batch = [picture(0), picture(1), picture(2)];
  const shown = () => useTasks.getState().entries[9];

  beforeEach(() =>
    receiveTask(taskOf({ id: 9, version: 40, frames: batch, output_paths: ['/0.png', '/1.png', '/2.png'] })),
  );

  test('is neither shown nor counted', () => {
    forgetPicture(9, '9_1');
    expect(shown()?.item).toMatchObject({ total_frames: 2, output_paths: ['/0.png', '/2.png'] });
    expect(shown()?.detail?.frames.map(({ index }) => index)).toEqual([0, 2]);
  });

  test('leaves the others of its frame, which goes with its last', () => {
    const outputs = [0, 1, 2].map((place) => outputOf(8, 0, place));
    const frames = [frameOf(0, { status: 'completed', output: outputs[0], outputs })];
    const output_paths = outputs.map(({ url }) => url);
    receiveTask(taskOf({ id: 8, version: 40, frames, output_paths }));
    forgetPicture(8, '8_0');
    const left = useTasks.getState().entries[8];
    expect(left?.item).toMatchObject({ total_frames: 1, output_paths: output_paths.slice(1) });
    expect(left?.detail?.frames[0]).toMatchObject({ output: { id: '8_0_1' } });
    for (const id of ['8_0_1', '8_0_2']) forgetPicture(8, id);
    expect(useTasks.getState().entries[8]?.item).toMatchObject({ total_frames: 0, output_paths: [] });
  });

  test('comes back when it is restored', () => {
    forgetPicture(9, '9_1');
    receiveTask(taskOf({ id: 9, version: 41, frames: batch, output_paths: ['/0.png', '/1.png', '/2.png'] }));
    expect(shown()?.item.output_paths).toEqual(['/0.png', '/1.png', '/2.png']);
    expect(shown()?.detail?.frames).toEqual(batch);
  });

  test('leaves other tasks drawn as they are', () => {
    forgetPicture(9, '9_1');
    const before = shown();
    receiveTask(taskOf({ id: 10 }));
    expect(shown()).toBe(before);
  });
});
