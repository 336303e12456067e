import { OWNER } from '@limner/contract';
import { expect, it } from 'vitest';
import { allOrNone } from './all-or-none.ts';

it('cancels what it has begun when a later one is refused', async () => {
  const stopped: number[] = [];
  const stop = async (_: unknown, task: number) => {
    stopped.push(task);
    if (task === 1) throw new Error('it has ended');
  };
  const desk = { tasks: { stop } } as never;
  const begin = async (task: number | null) => {
    if (task === 4) throw new Error('refused');
    return task;
  };
  const all = (sent: (number | null)[]) => allOrNone({ caller: OWNER, desk }, sent, begin, (task) => task);
  await expect(all([1, null, 3, 4, 5])).rejects.toThrow('refused');
  expect(stopped).toEqual([1, 3]);
  expect(await all([5, 6])).toEqual([5, 6]);
  expect(stopped).toEqual([1, 3]);
});
