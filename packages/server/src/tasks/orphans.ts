/** Sets aside files of outputs without a row: it was never written, or it is in another database. */
import { SYSTEM } from '../access.ts';
import { isInBin } from '../bin/store/bin-rows.ts';
import type { Database, Reader } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import type { Logger } from '../log.ts';
import { OUTPUTS_FOLDER, parseOutputKey } from '../outputs/output-name.ts';
import { outputFileOf } from '../outputs/outputs-store.ts';
import type { Blobs } from '../storage/blobs.ts';
import { setUnknownAside } from '../storage/set-aside.ts';
import { type FrameFate, hasWork } from './state.ts';
import { readTask } from './store/task-rows.ts';

export interface OrphanOptions {
  db: Pick<Database, 'read'>;
  blobs: Blobs;
  log: Pick<Logger, 'warn'>;
  stopped?: () => boolean;
}

/** Not files of frames that still have work, not even where their task has ended: a repair decides about those. */
export const setOutputsAside = (options: OrphanOptions, beforeMs: number): Promise<void> =>
  setUnknownAside({ ...options, beforeMs, ...orphanOutputs(options.db, (_, frame) => hasWork([frame])) });

/** @param mayComplete whether the frame of a file may still get the file's row */
export const orphanOutputs = (db: Pick<Database, 'read'>, mayComplete: MayComplete) => ({
  prefix: OUTPUTS_FOLDER,
  isUnknown: (key: string) => isOrphan(db.read, key, mayComplete),
});

type MayComplete = (task: Pick<TaskRow, 'status'>, frame: FrameFate) => boolean;

/** Files with other names are not moved. */
async function isOrphan(db: Reader, key: string, mayComplete: MayComplete): Promise<boolean> {
  const name = parseOutputKey(key);
  if (!name) return false;
  // The row counts whatever its frame says: where the two contradict each other, a repair decides.
  if ((await outputFileOf(SYSTEM, db, name))?.file === key || (await isInBin(SYSTEM, db, key))) return false;
  const found = await readTask(SYSTEM, db, name.task);
  const frame = found?.frames.find(({ frame_index }) => frame_index === name.frame);
  return !found || !frame || !mayComplete(found.task, frame);
}
