/**
 * Moves files without a row to a folder of the day. They are counted and reported, never deleted, because a restored
 * older database has no rows for newer pictures.
 */
import { thumbKeys } from '../images/thumbnail.ts';
import type { Logger } from '../log.ts';
import type { Blobs } from './blobs.ts';

export interface SetAsideOptions {
  blobs: Blobs;
  log: Pick<Logger, 'warn'>;
  /** Ends in `/`. */
  prefix: string;
  /** The row of a younger file may not be written yet. */
  beforeMs: number;
  isUnknown(key: string): Promise<boolean>;
  stopped?(): boolean;
}

export async function setUnknownAside(options: SetAsideOptions): Promise<void> {
  const { blobs, log, prefix, beforeMs, isUnknown, stopped = () => false } = options;
  const day = new Date().toISOString().slice(0, 10);
  let files = 0;
  for await (const { key, modifiedMs } of blobs.list(prefix)) {
    if (stopped()) break;
    if (modifiedMs >= beforeMs || !(await isUnknown(key))) continue;
    // A frame that is run again may write the same file at this moment.
    const now = await blobs.stat(key);
    if (!now || now.modifiedMs >= beforeMs) continue;
    if ((await blobs.setAside(key, day)) !== null) files += 1;
    // Thumbnails can be made again.
    for (const thumb of thumbKeys(key)) await blobs.delete(thumb);
  }
  if (files > 0) log.warn({ files, folder: `set-aside/${day}/${prefix}` }, 'set aside files without a row');
}
