/** How long deleted items can be restored, and restoring them. */
import type { RestoreRequest } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../api/api.ts';
import { notify } from './notices.ts';
import { attempt } from './task-actions.ts';

/** How long a notice offers to undo a deletion; later the user can restore it from the bin. */
export const UNDO_MS = 8_000;

/** The sentence of a question that says how long the bin keeps deleted items. */
export async function binLine(): Promise<string> {
  const { days } = await api.call('listBin', { query: { limit: 1 } });
  return days > 0 ? i18next.t('storage.toBin', { count: days }) : i18next.t('bin.forGood');
}

/** Shows a notice about deleted items that offers to restore them. */
export function offerUndo(text: string, deleted: Partial<RestoreRequest>): void {
  const run = () =>
    void attempt(async () => {
      await api.call('restoreFromBin', { body: deleted });
      notify({ text: i18next.t('bin.restored'), tone: 'news' });
    });
  notify({ text, tone: 'news', action: { label: i18next.t('common.undo'), run } }, UNDO_MS);
}
