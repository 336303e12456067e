import { api } from '../api/api.ts';
import { attempt } from './task-actions.ts';

/** Saves pictures, or all of some tasks, as one archive; it is made while it is read. */
export const downloadZip = (pictures: { tasks?: number[]; outputs?: string[] }) =>
  attempt(async () => {
    const { url, name } = await api.call('zipOutputs', { body: pictures });
    Object.assign(document.createElement('a'), { href: url, download: name }).click();
  });
