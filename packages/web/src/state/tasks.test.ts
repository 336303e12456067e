import { StudioError } from '@limner/contract';
import { beforeEach, expect, test, vi } from 'vitest';
import { greatestVersionSeen, keepOnly, loadTask, receiveEvents, receiveTask, useTasks } from './tasks.ts';
import { eventOf, frameOf, taskOf } from './testing-tasks.ts';

const call = vi.hoisted(() => vi.fn());
vi.mock('../api/api.ts', () => ({ api: { call } }));

beforeEach(() => {
  call.mockReset();
  useTasks.setState({ entries: {}, shape: 0 });
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

test('a deleted task is gone, also when its answer arrives afterwards', async () => {
  receiveTask(taskOf({ id: 2 }));
  receiveEvents([eventOf(20, { id: 2, deleted: true })]);
  expect(useTasks.getState().entries[2]).toBeUndefined();
});

test('progress alone does not make lists anew; an end does', () => {
  receiveTask(taskOf({ status: 'running', version: 1 }));
  const { shape } = useTasks.getState();
  receiveEvents([eventOf(30, { progress: 0.6 })]);
  expect(useTasks.getState().shape).toBe(shape);
  receiveEvents([eventOf(31, { status: 'completed', progress: 1 })]);
  expect(useTasks.getState().shape).toBe(shape + 1);
});

test('what was deleted while nobody listened is forgotten; what is older than the answer is left', () => {
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
