import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlaceMarks } from './blob-place.ts';

/** Of a data folder, which is paired with its database by itself (see `installation.ts`). */
export function diskMarks(dataDir: string): PlaceMarks {
  const partial = path.join(dataDir, 'copy.unfinished');
  return {
    owner: async () => null,
    claim: async () => undefined,
    isPartial: async () => existsSync(partial),
    setPartial: (is) => (is ? writeFile(partial, '') : rm(partial, { force: true })),
  };
}
