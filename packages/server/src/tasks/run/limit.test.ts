import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Limit } from './limit.ts';

it('starts as many jobs as there are slots, in order, and more when slots are added', async () => {
  let slots = 1;
  const limit = new Limit(() => slots);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const works = [0, 1, 2, 3, 4].map((index) =>
    limit.run(() => {
      begun.push(index);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  await nextTurn();
  expect(begun).toEqual([0]);
  slots = 2;
  limit.admit();
  await nextTurn();
  expect(begun).toEqual([0, 1]);
  slots = 3;
  ends[0]?.();
  await nextTurn();
  expect(begun).toEqual([0, 1, 2, 3]);
  ends.slice(1).forEach((end) => void end());
  await nextTurn();
  ends[4]?.();
  await Promise.all(works);
});
