/**
 * Moves files without a row to a folder of the day. They are counted and reported, never deleted, because a restored
 * older database has no rows for newer pictures.
 */
import { thumbKeys } from '../images/thumbnail.ts';
import type { Logger } from '../log.ts';
import type { BlobStat, Blobs } from './blobs.ts';

export interface UnknownFilesOptions {
  blobs: Blobs;
  /** Ends in `/`. */
  prefix: string;
  /** The row of a younger file may not be written yet. */
  beforeMs: number;
  isUnknown(key: string): Promise<boolean>;
  stopped?(): boolean;
}

export interface SetAsideOptions extends UnknownFilesOptions {
  log: Pick<Logger, 'warn'>;
  /** Called with the key of each file before it is moved. */
  onUnknown?: (key: string) => void;
}

export async function* unknownFiles(
  options: UnknownFilesOptions,
): AsyncGenerator<BlobStat & { key: string }> {
  const { blobs, prefix, beforeMs, isUnknown, stopped = () => false } = options;
  for await (const file of blobs.list(prefix)) {
    if (stopped()) return;
    if (file.modifiedMs >= beforeMs || !(await isUnknown(file.key))) continue;
    // A frame that is run again may write the same file at this moment.
    const now = await blobs.stat(file.key);
    if (now && now.modifiedMs < beforeMs) yield file;
  }
}

export async function setUnknownAside({ log, onUnknown, ...options }: SetAsideOptions): Promise<void> {
  const { blobs, prefix } = options;
  const day = today();
  let files = 0;
  for await (const { key } of unknownFiles(options)) {
    onUnknown?.(key);
    if ((await blobs.setAside(key, day)) !== null) files += 1;
    // Thumbnails can be made again.
    for (const thumb of thumbKeys(key)) await blobs.delete(thumb);
  }
  if (files > 0) log.warn({ files, folder: `set-aside/${day}/${prefix}` }, 'set aside files without a row');
}

/**
 * Before a blob is written for something made at `sinceMs`: an older blob under its key is of another database, whose
 * ids were given again.
 */
export async function setOlderAside(blobs: Blobs, key: string, sinceMs: number): Promise<void> {
  const found = await blobs.stat(key);
  if (found && found.modifiedMs < sinceMs) await blobs.setAside(key, today());
}

export const today = (): string => new Date().toISOString().slice(0, 10);
