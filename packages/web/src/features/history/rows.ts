/** Lays out tasks in rows under their days. Pure. */
import type { TaskListItem } from '@limner/contract';
import { dayKey } from '../../i18n/format.ts';
import { type Made, madeCounts } from '../../ui/made-words.ts';

export type Row =
  | { kind: 'day'; key: string; moment: string; count: { tasks: number; made: Made } | null }
  | { kind: 'tasks'; key: string; ids: number[] };

/** True if there are tasks before the first or after the last of these. */
export interface Beyond {
  newer: boolean;
  older: boolean;
}

/** A day's count is shown only if all its tasks are loaded. */
export function rowsOf(items: TaskListItem[], columns: number, beyond: Beyond): Row[] {
  const days = daysOf(items);
  return days.flatMap((day, index): Row[] => {
    const whole = (!beyond.newer || index > 0) && (!beyond.older || index < days.length - 1);
    const moment = day.items[0]?.created_at ?? '';
    const heading: Row = {
      kind: 'day',
      key: `day ${day.key}`,
      moment,
      count: whole ? { tasks: day.items.length, made: madeCounts(day.items) } : null,
    };
    return [heading, ...tileRows(day.items, columns)];
  });
}

function daysOf(items: TaskListItem[]): { key: number; items: TaskListItem[] }[] {
  const days: { key: number; items: TaskListItem[] }[] = [];
  for (const item of items) {
    const key = dayKey(item.created_at);
    const last = days.at(-1);
    if (last?.key === key) last.items.push(item);
    else days.push({ key, items: [item] });
  }
  return days;
}

function tileRows(items: TaskListItem[], columns: number): Row[] {
  const rows: Row[] = [];
  for (let start = 0; start < items.length; start += columns) {
    const ids = items.slice(start, start + columns).map((item) => item.id);
    rows.push({ kind: 'tasks', key: `row ${ids[0]}`, ids });
  }
  return rows;
}
