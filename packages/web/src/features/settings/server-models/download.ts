import type { ServerModels } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../../../api/api.ts';
import { notify } from '../../../state/notices.ts';
import { attempt } from '../../../state/task-actions.ts';

export const download = ({ server, name }: ServerModels, file: string): Promise<boolean> =>
  attempt(async () => {
    await api.call('downloadModel', { body: { server, file } });
    notify({ text: i18next.t('serverModels.asked', { server: name, file }), tone: 'news' });
  });

/** Out of the list; the file stays on the server. */
export const forget = (id: number): Promise<boolean> =>
  attempt(() => api.call('forgetModelDownload', { params: { id } }));
