import { expect, test } from 'vitest';
import { dayEnd, dayStart, dayText, moved, readDay, weeksOf } from './days.ts';

test('a day begins and ends where this browser is', () => {
  expect(dayText(dayStart('2026-05-12'))).toBe('2026-05-12');
  expect(dayText(dayEnd('2026-05-12'))).toBe('2026-05-13');
  expect(dayText(dayEnd('2026-12-31'))).toBe('2027-01-01');
});

test('what is no day is none', () => {
  for (const text of [null, '', 'today', '2026-13-01', '2026-02-30', '12.5.2026'])
    expect(readDay(text)).toBeNull();
});

test('a month stands in whole weeks from Monday on', () => {
  const weeks = weeksOf({ year: 2026, month: 4 });
  expect(weeks.every((week) => week.length === 7)).toBe(true);
  expect(weeks[0]).toEqual([null, null, null, null, '2026-05-01', '2026-05-02', '2026-05-03']);
  expect(weeks.flat().filter(Boolean)).toHaveLength(31);
});

test('months go on over the end of a year', () => {
  expect(moved({ year: 2026, month: 11 }, 1)).toEqual({ year: 2027, month: 0 });
  expect(moved({ year: 2026, month: 0 }, -1)).toEqual({ year: 2025, month: 11 });
});
