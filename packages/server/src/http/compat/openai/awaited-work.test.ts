import { OWNER } from '@limner/contract';
import { afterEach, expect, it, vi } from 'vitest';
import { AwaitedWork } from './awaited-work.ts';

afterEach(() => void vi.useRealTimers());

it('a task that is created while the work is cancelled is cancelled too', async () => {
  const cancelled: number[] = [];
  const works = new AwaitedWork<void>({
    cancel: async (_, task) => void cancelled.push(task),
    stopping: new AbortController().signal,
    failed: () => {},
  });
  let created = () => {};
  const creating = new Promise<void>((resolve) => {
    created = resolve;
  });
  const work = works.add(OWNER, null, { task: 1, release: async () => true }, async (course) => {
    await course.began(2);
    // Its rows are being written.
    await creating;
    await course.began(3);
  });
  const gone = new AbortController();
  const waiting = works.wait(work, gone.signal).catch(() => 'gone');
  gone.abort(new Error('gone'));
  expect(await waiting).toBe('gone');
  await expect.poll(() => cancelled).toEqual([1, 2]);
  created();
  await work.result;
  expect(cancelled).toEqual([1, 2, 3]);
});

it('work that ends after its client has gone keeps its key', async () => {
  vi.useFakeTimers();
  const released: number[] = [];
  const works = new AwaitedWork<string>({
    cancel: async () => {},
    stopping: new AbortController().signal,
    failed: () => {},
  });
  let finish = (_: string) => {};
  const painted = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const key = { key: 'k', content: 'c', joins: true };
  const release = async (task: number) => released.push(task) > 0;
  const work = works.add(OWNER, key, { task: 1, release }, () => painted);
  const leave = async () => {
    const gone = new AbortController();
    const waiting = works.wait(work, gone.signal).catch(() => 'gone');
    gone.abort(new Error('gone'));
    await waiting;
  };
  await leave();
  finish('a picture');
  await work.result;
  await vi.advanceTimersByTimeAsync(30_000);
  // A retry that goes as well.
  await leave();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(released).toEqual([]);
  expect(await works.joinable(key)?.result).toBe('a picture');
});
