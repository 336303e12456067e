import { expect, test } from 'vitest';
import { matches } from '../../state/feed-filter.ts';
import { taskOf } from '../../state/testing-tasks.ts';
import { dayEnd, dayStart } from './days.ts';
import { endOf, feedFilterOf, filterIn, isFiltered } from './history-filter.ts';

const read = (address: string) => filterIn(new URLSearchParams(address));

test('the address says what is shown; what it says wrongly is left out', () => {
  const filter = read('kind=edit&status=lost&style=3&family=flux-schnell&starred=1&from=2026-05-01&to=soon');
  expect(filter).toEqual({
    kind: 'edit',
    style: 3,
    family: 'flux-schnell',
    starred: true,
    from: '2026-05-01',
  });
  expect([isFiltered(filter), isFiltered(read('view=list'))]).toEqual([true, false]);
});

test('days become moments of this place; a jump ends with its day', () => {
  const query = feedFilterOf({ from: '2026-05-01', to: '2026-05-09', style: 3, starred: true });
  expect(Date.parse(query.created_from ?? '')).toBe(dayStart('2026-05-01'));
  expect(Date.parse(query.created_to ?? '')).toBe(dayEnd('2026-05-09'));
  expect(query).toMatchObject({ style_id: 3, starred: 'true' });
  expect(Date.parse(endOf('2026-05-04') ?? '')).toBe(dayEnd('2026-05-04'));
});

test('a task that comes by itself is held against every filter', () => {
  const at = new Date(dayStart('2026-05-04') + 3_600_000).toISOString();
  const item = taskOf({ style_id: 3, stars: 1, status: 'completed', created_at: at });
  const passes = [{}, { style: 3 }, { starred: true }, { from: '2026-05-04', to: '2026-05-04' }];
  const fails = [
    { style: 4 },
    { family: 'x' },
    { kind: 'edit' as const },
    { to: '2026-05-03' },
    { from: '2026-05-05' },
  ];
  expect(passes.map((filter) => matches(item, feedFilterOf(filter)))).toEqual(passes.map(() => true));
  expect(fails.map((filter) => matches(item, feedFilterOf(filter)))).toEqual(fails.map(() => false));
  expect(matches({ ...item, task_kind: 'control_preview' }, {})).toBe(false);
});
