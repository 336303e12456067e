import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Limit } from './limit.ts';

it('begins as many as there are places, in order, and more when there are more', async () => {
  let places = 1;
  const limit = new Limit(() => places);
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
  places = 2;
  limit.admit();
  await nextTurn();
  expect(begun).toEqual([0, 1]);
  places = 3;
  ends[0]?.();
  await nextTurn();
  expect(begun).toEqual([0, 1, 2, 3]);
  ends.slice(1).forEach((end) => void end());
  await nextTurn();
  ends[4]?.();
  await Promise.all(works);
});
