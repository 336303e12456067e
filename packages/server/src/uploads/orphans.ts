/** Uploads whose process died before their row was written, or whose row is in another database. */

import { setUnknownAside } from '../storage/set-aside.ts';
import type { OrphanOptions } from '../tasks/orphans.ts';

export const setUploadsAside = ({ db, ...options }: OrphanOptions, beforeMs: number): Promise<void> =>
  setUnknownAside({
    ...options,
    prefix: 'uploads/',
    beforeMs,
    isUnknown: async (key) =>
      (await db.read.selectFrom('uploads').select('id').where('file', '=', key).executeTakeFirst()) ===
      undefined,
  });
