import i18next from 'i18next';
import { api } from '../api/api.ts';
import { bytes } from '../i18n/format.ts';
import { notify } from './notices.ts';
import { attempt } from './task-actions.ts';

/** Downloads the pictures, or all pictures of the tasks, as one archive. The server makes it during the download. */
export const downloadZip = (pictures: { tasks?: number[]; outputs?: string[] }) =>
  attempt(async () => {
    const { url, name, pictures: count, size_bytes } = await api.call('zipOutputs', { body: pictures });
    Object.assign(document.createElement('a'), { href: url, download: name }).click();
    const text = i18next.t('select.zipReady', { count, size: bytes(size_bytes) });
    notify({ text, tone: 'news' });
  });
