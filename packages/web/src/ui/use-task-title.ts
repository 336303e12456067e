import type { TaskListItem } from '@limner/contract';
import { useTranslation } from 'react-i18next';

/** What a task is called: its prompt, or what was done where nothing was described. */
export function useTaskTitle(task: Pick<TaskListItem, 'id' | 'prompt' | 'task_kind'>): string {
  const { t } = useTranslation();
  return task.prompt || `${t(`kind.${task.task_kind}`)} ${task.id}`;
}
