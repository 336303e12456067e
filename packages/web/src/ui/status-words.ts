import type { Frame, TaskListItem } from '@limner/contract';
import type { TFunction } from 'i18next';

type WithStatus = Pick<TaskListItem | Frame, 'status' | 'waits_behind'> &
  Partial<Pick<TaskListItem, 'task_kind'>>;

/** The place of a running task or frame in the queue of its server, in words; null if it does not wait there. A training waits for its device. */
export function waitingWords({ status, waits_behind, task_kind }: WithStatus, t: TFunction): string | null {
  if (status !== 'running' || waits_behind == null) return null;
  return task_kind === 'training' ? t('training.phase.waiting') : t('queue.behind', { count: waits_behind });
}

/** The status of a task or frame in words. A running one that waits for its server is not painted yet. */
export const statusWords = (of: WithStatus, t: TFunction): string =>
  waitingWords(of, t) ?? t(`status.${of.status}`);
