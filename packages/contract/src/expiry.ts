import { isFinal, type TaskListItem } from './task.ts';

export const DAY_MS = 86_400_000;

/**
 * When a clean-up by age deletes a task; null: never. The only place that decides this date. A task stays longer while an
 * unfinished task needs its pictures.
 *
 * @param days after which ended tasks are cleaned up; 0: they are kept
 */
export function expiresAt(
  { status, completed_at, stars }: Pick<TaskListItem, 'status' | 'completed_at' | 'stars'>,
  days: number,
): string | null {
  if (days === 0 || stars > 0 || completed_at === null || !isFinal(status)) return null;
  return new Date(Date.parse(completed_at) + days * DAY_MS).toISOString();
}
