import { OWNER } from '@limner/contract';
import { expect, it } from 'vitest';
import { AwaitedWork } from './awaited-work.ts';

it('a task that is created while the work is cancelled is cancelled too', async () => {
  const cancelled: number[] = [];
  const works = new AwaitedWork<void>({
    cancel: async (_, task) => void cancelled.push(task),
    release: async () => true,
    stopping: new AbortController().signal,
    failed: () => {},
  });
  let created = () => {};
  const creating = new Promise<void>((resolve) => {
    created = resolve;
  });
  const work = works.add(OWNER, null, 1, async (course) => {
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
