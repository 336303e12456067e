import type { TaskListItem } from '@limner/contract';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { loadTask, useTasks } from '../../state/tasks.ts';
import { titleOf } from '../../ui/use-task-title.ts';

/** A task of the queue; loads it if the store does not have it. */
export function useQueuedTask(id: number): { item: TaskListItem | undefined; title: string } {
  const { t } = useTranslation();
  const item = useTasks((state) => state.entries[id]?.item);
  useEffect(() => {
    if (!useTasks.getState().entries[id]) void loadTask(id).catch(() => undefined);
  }, [id]);
  return { item, title: item ? titleOf(item, t) : t('detail.title', { id }) };
}
