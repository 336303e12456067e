import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reordered } from './reorder.ts';
import type { WaitingTurn } from './store/queue-order.ts';

const task = (id: number, priority = 0, turn = id): WaitingTurn => ({ id, priority, turn });

const sorted = (tasks: WaitingTurn[]) =>
  [...tasks].sort((a, b) => b.priority - a.priority || a.turn - b.turn).map(({ id }) => id);

function after(waiting: WaitingTurn[], id: number, before: number | null) {
  const changed = new Map(reordered(waiting, id, before)?.map((each) => [each.id, each]));
  return waiting.map((each) => changed.get(each.id) ?? each);
}

it('a task goes before another and changes nothing outside the two places', () => {
  const waiting = [task(1), task(2), task(3), task(4)];
  expect(sorted(after(waiting, 3, 1))).toEqual([3, 1, 2, 4]);
  expect(
    reordered(waiting, 3, 2)
      ?.map(({ id }) => id)
      .sort(),
  ).toEqual([2, 3]);
  expect(sorted(after(waiting, 1, null))).toEqual([2, 3, 4, 1]);
});

it('takes the nearest priority that keeps the order, and leaves that of others', () => {
  const waiting = [task(5, 10), task(6, 10), task(7, 0), task(8, 0)];
  const moved = after(waiting, 8, 6);
  expect(sorted(moved)).toEqual([5, 8, 6, 7]);
  expect(moved.find(({ id }) => id === 8)?.priority).toBe(10);
  expect(moved.filter(({ id }) => id !== 8).map(({ priority }) => priority)).toEqual([10, 10, 0]);
});

it('does nothing for what does not wait here', () => {
  expect(reordered([task(1)], 9, null)).toBeNull();
  expect(reordered([task(1)], 1, 9)).toBeNull();
});

it('always gives the order that was asked, with every turn used once', () => {
  const rows = fc
    .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 12 })
    .chain((ids) =>
      fc
        .array(fc.integer({ min: -2, max: 2 }), { minLength: ids.length, maxLength: ids.length })
        .map((priorities) =>
          ids
            .map((id, at) => task(id, priorities[at]))
            .sort((a, b) => b.priority - a.priority || a.turn - b.turn),
        ),
    );
  fc.assert(
    fc.property(rows, fc.nat(), fc.nat(), (waiting, from, to) => {
      const id = waiting[from % waiting.length]?.id ?? 0;
      const before = waiting[to % (waiting.length + 1)]?.id ?? null;
      const moved = after(waiting, id, before);
      const others = waiting.map((each) => each.id).filter((each) => each !== id);
      const at = before === null ? others.length : others.indexOf(before);
      if (before !== id) others.splice(at, 0, id);
      expect(sorted(moved)).toEqual(before === id ? waiting.map((each) => each.id) : others);
      expect(moved.map(({ turn }) => turn).sort()).toEqual(waiting.map(({ turn }) => turn).sort());
    }),
  );
});
