/** What a deletion costs, and undoing it. */
import type { RestoreRequest } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../api/api.ts';
import { notify } from './notices.ts';
import { attempt } from './task-actions.ts';
import { loadTask } from './tasks.ts';

/** How long a notice offers to undo a deletion; after that the bin does. */
const UNDO_MS = 8_000;

/** Days that the bin keeps what is deleted; 0: there is no bin. */
export async function binDays(): Promise<number> {
  return (await api.call('listBin', { query: { limit: 1 } })).days;
}

/** The line of a question that says how long the bin keeps what is deleted. */
export const binLine = (days: number): string =>
  days > 0 ? i18next.t('storage.toBin', { count: days }) : i18next.t('bin.forGood');

/** Says what was deleted, and offers to restore it where there is a bin. */
export function notifyDeleted(text: string, deleted: Partial<RestoreRequest>, days: number): void {
  const action = { label: i18next.t('common.undo'), run: () => void restore(deleted) };
  notify({ text, tone: 'news', ...(days > 0 ? { action } : {}) }, UNDO_MS);
}

const restore = (deleted: Partial<RestoreRequest>): Promise<boolean> =>
  attempt(async () => {
    const { tasks } = await api.call('restoreFromBin', { body: deleted });
    await Promise.all(tasks.map((id) => loadTask(id, true)));
    notify({ text: i18next.t('bin.restored'), tone: 'news' });
  });
