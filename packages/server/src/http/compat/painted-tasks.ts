/** Pages of the tasks that made pictures of words, as the histories of the documents list them. */
import { type Caller, fromDigits, type TaskListItem } from '@limner/contract';
import { z } from 'zod';
import type { DialectDesk } from './dialect.ts';

const KINDS: readonly TaskListItem['task_kind'][] = ['generation', 'edit'];

export const HistoryQuery = z.object({
  limit: fromDigits(z.number().int().min(1).max(200)).default(50),
  /** Only tasks older than this one. */
  before: fromDigits(z.number().int().positive()).optional(),
});

export interface HistoryPage {
  tasks: TaskListItem[];
  /** The `before` of the next page; null on the last. */
  nextBefore: number | null;
}

/** Newest first. A page is full unless it is the last: tasks of other kinds between are passed over. */
export async function paintedTasks(
  caller: Caller,
  { tasks }: Pick<DialectDesk, 'tasks'>,
  { limit, before }: z.output<typeof HistoryQuery>,
): Promise<HistoryPage> {
  const found: TaskListItem[] = [];
  let next: number | null = before ?? null;
  do {
    const page = await tasks.list(caller, { limit: 200, ...(next === null ? {} : { before: next }) });
    found.push(...page.items.filter(({ task_kind }) => KINDS.includes(task_kind)));
    next = page.nextBefore;
  } while (next !== null && found.length < limit);
  const shown = found.slice(0, limit);
  return {
    tasks: shown,
    nextBefore: found.length > limit || next !== null ? (shown.at(-1)?.id ?? null) : null,
  };
}
