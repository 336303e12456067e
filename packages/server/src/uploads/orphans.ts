/** Sets aside files of uploads without a row: the process died before writing it, or it is in another database. */
import { SYSTEM } from '../access.ts';
import { isInBin } from '../bin/store/bin-rows.ts';
import { setUnknownAside } from '../storage/set-aside.ts';
import type { OrphanOptions } from '../tasks/orphans.ts';
import { uploadOfFile } from './uploads-store.ts';

export const setUploadsAside = (options: OrphanOptions, beforeMs: number): Promise<void> =>
  setUnknownAside({ ...options, beforeMs, ...orphanUploads(options.db) });

export const orphanUploads = ({ read }: OrphanOptions['db']) => ({
  prefix: 'uploads/',
  isUnknown: async (key: string) =>
    (await uploadOfFile(SYSTEM, read, key)) === undefined && !(await isInBin(SYSTEM, read, key)),
});
