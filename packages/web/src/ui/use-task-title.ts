import type { TaskListItem } from '@limner/contract';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

type Named = Pick<TaskListItem, 'id' | 'prompt' | 'task_kind'>;

/** The title of a task: its prompt, or its kind. */
export const titleOf = (task: Named, t: TFunction): string =>
  task.prompt || `${t(`kind.${task.task_kind}`)} ${task.id}`;

export function useTaskTitle(task: Named): string {
  return titleOf(task, useTranslation().t);
}
