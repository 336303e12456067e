import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CopyState, PlaceMarks } from './blob-place.ts';

/** Of a data folder, which is paired with its database by itself (see `installation.ts`). */
export function diskMarks(dataDir: string): PlaceMarks {
  const file = path.join(dataDir, 'copy.state');
  return {
    owner: async () => null,
    claim: async () => undefined,
    copyState: () =>
      readFile(file, 'utf8').then(
        (text) => text as CopyState,
        () => null,
      ),
    setCopyState: (state) => (state === null ? rm(file, { force: true }) : writeFile(file, state)),
  };
}
