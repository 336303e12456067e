import type { Frame, TaskListItem } from '@limner/contract';
import type { TFunction } from 'i18next';

type WithStatus = Pick<TaskListItem | Frame, 'status' | 'waits_behind'>;

/** The place of a running task or frame in the queue of its server, in words; null if it does not wait there. */
export const waitingWords = ({ status, waits_behind }: WithStatus, t: TFunction): string | null =>
  status === 'running' && waits_behind != null ? t('queue.behind', { count: waits_behind }) : null;

/** The status of a task or frame in words. A running one that waits for its server is not painted yet. */
export const statusWords = (of: WithStatus, t: TFunction): string =>
  waitingWords(of, t) ?? t(`status.${of.status}`);
