/**
 * The storage port: whole files under keys such as `outputs/12_0.png`. Keys come from our own ids, never from a client.
 *
 * Promise: a key is either absent or complete. `put` writes a temporary file and renames it, and resolves when the
 * bytes would survive a power cut. If the process is killed meanwhile, `removeTemporary` removes the temporary file later.
 */
import type { Readable } from 'node:stream';

export interface BlobStat {
  sizeBytes: number;
  modifiedMs: number;
}

export interface Blobs {
  /** Replaces an existing blob. `limitBytes`: throws `file_too_large` and leaves nothing when the body is longer. */
  put(
    key: string,
    body: Buffer | Readable,
    options?: { limitBytes?: number },
  ): Promise<{ sizeBytes: number; sha256: string }>;
  stat(key: string): Promise<BlobStat | null>;
  /** Bytes `start`…`end` inclusive, or all of it. Throws `file_not_found`. */
  stream(key: string, range?: { start: number; end: number }): Promise<Readable>;
  read(key: string): Promise<Buffer>;
  /** Does nothing if the key is absent. */
  delete(key: string): Promise<void>;
  /**
   * Deletes every key in a subfolder such as `runs/12/`. Does nothing if there is none.
   */
  deleteFolder(folder: string): Promise<void>;
  /**
   * Moves a blob that no row knows to `set-aside/<day>/<key>`, with a number if that name is taken. Does nothing if the
   * key is absent. Returns the new key.
   */
  setAside(key: string, day: string): Promise<string | null>;
  /**
   * Moves a blob, which then counts as written now, to a key that is free. Durable when it resolves. False: the blob is
   * not there, for example because another call has moved it.
   */
  move(from: string, to: string): Promise<boolean>;
  /** Temporary files of dead processes: those that were not written to for a while. */
  removeTemporary(beforeMs: number): Promise<void>;
  /** Every key that starts with `prefix` (which ends in `/`), in no order. */
  list(prefix: string): AsyncIterable<BlobStat & { key: string }>;
  /** Free and total space of the storage; null if unknown. */
  room(): Promise<{ freeBytes: number; totalBytes: number } | null>;
}
