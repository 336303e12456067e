import type { EditedCaptions } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../../api/api.ts';
import { notify } from '../../state/notices.ts';

/** Writes captions back that a change of many replaced. Those that were changed or removed since then stay as they are. */
export async function undoCaptions(id: number, changed: EditedCaptions['changed']): Promise<void> {
  const { items } = await api.call('getDataset', { params: { id } });
  const now = new Map(items.map((item) => [item.id, item.caption]));
  const changes = changed
    .filter((each) => now.get(each.id) === each.caption)
    .map((each) => ({ id: each.id, caption: each.before }));
  if (changes.length > 0) await api.call('changeDatasetPictures', { params: { id }, body: { changes } });
  const kept = changed.length - changes.length;
  const key = kept > 0 ? 'datasets.undoneKept' : 'datasets.undone';
  notify({ text: i18next.t(key, { count: changes.length, kept }), tone: 'news' });
}
