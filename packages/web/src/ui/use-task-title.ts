import type { TaskListItem } from '@limner/contract';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

type Named = Pick<TaskListItem, 'id' | 'prompt' | 'task_kind'>;

/** What a task is called: its prompt, or what was done where nothing was described. */
export const titleOf = (task: Named, t: TFunction): string =>
  task.prompt || `${t(`kind.${task.task_kind}`)} ${task.id}`;

export function useTaskTitle(task: Named): string {
  return titleOf(task, useTranslation().t);
}
