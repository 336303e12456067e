import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Slots } from './slots.ts';

it('starts as many jobs as there are slots, in order, and more when slots are added', async () => {
  let count = 1;
  const slots = new Slots(() => count);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const works = [0, 1, 2, 3, 4].map((index) =>
    slots.run(() => {
      begun.push(index);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  await nextTurn();
  expect(begun).toEqual([0]);
  count = 2;
  slots.admit();
  await nextTurn();
  expect(begun).toEqual([0, 1]);
  count = 3;
  ends[0]?.();
  await nextTurn();
  expect(begun).toEqual([0, 1, 2, 3]);
  ends.slice(1).forEach((end) => void end());
  await nextTurn();
  ends[4]?.();
  await Promise.all(works);
});
