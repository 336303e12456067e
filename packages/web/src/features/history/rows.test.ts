import { expect, test } from 'vitest';
import { taskOf } from '../../state/testing-tasks.ts';
import { rowsOf } from './rows.ts';

const on = (id: number, day: string) =>
  taskOf({ id, created_at: `${day}T12:00:00.000Z`, output_paths: ['/outputs/x.png'] });
const items = [on(9, '2026-05-04'), on(8, '2026-05-04'), on(7, '2026-05-04'), on(6, '2026-05-03')];

const ALL = { newer: false, older: false };

test('tasks stand in rows under their days', () => {
  const rows = rowsOf(items, 2, ALL);
  expect(rows.map((row) => (row.kind === 'day' ? row.count : row.ids))).toEqual([
    { tasks: 3, made: { pictures: 3, videos: 0, animations: 0 } },
    [9, 8],
    [7],
    { tasks: 1, made: { pictures: 1, videos: 0, animations: 0 } },
    [6],
  ]);
});

test('a day of which more may come is not counted', () => {
  const days = rowsOf(items, 2, { newer: false, older: true }).flatMap((row) =>
    row.kind === 'day' ? [row.count] : [],
  );
  expect(days).toEqual([{ tasks: 3, made: { pictures: 3, videos: 0, animations: 0 } }, null]);
});

test('nor is the day above which more may come', () => {
  const days = rowsOf(items, 2, { newer: true, older: false }).flatMap((row) =>
    row.kind === 'day' ? [row.count] : [],
  );
  expect(days).toEqual([null, { tasks: 1, made: { pictures: 1, videos: 0, animations: 0 } }]);
});

test('keys stay when more tasks arrive at the end', () => {
  const before = rowsOf(items.slice(0, 2), 2, { newer: false, older: true }).map((row) => row.key);
  expect(
    rowsOf(items, 2, ALL)
      .slice(0, 2)
      .map((row) => row.key),
  ).toEqual(before);
});
