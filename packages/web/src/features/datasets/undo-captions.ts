import type { EditedCaptions } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../../api/api.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
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
  const said = [
    i18next.t('datasets.undone', { count: changes.length }),
    ...(kept > 0 ? [i18next.t('datasets.undoneKept', { count: kept })] : []),
  ];
  notify({ text: said.join(spokenLanguage() === 'zh' ? '' : ' '), tone: 'news' });
}
