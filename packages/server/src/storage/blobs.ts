/**
 * The storage port: whole files under keys such as `outputs/12_0.png`. Keys come from ids we made, never from a client.
 *
 * Promise: a key is either absent or whole. `put` writes beside and renames, and resolves when the bytes would survive
 * a power cut; killed in the middle it leaves a temporary file that the next start removes, never half a key.
 */
import type { Readable } from 'node:stream';

export interface BlobStat {
  sizeBytes: number;
  modifiedMs: number;
}

export interface Blobs {
  /** Replaces what was there. `limitBytes`: throws `file_too_large` and leaves nothing when the body is longer. */
  put(
    key: string,
    body: Buffer | Readable,
    options?: { limitBytes?: number },
  ): Promise<{ sizeBytes: number; sha256: string }>;
  stat(key: string): Promise<BlobStat | null>;
  /** Bytes `start`…`end` inclusive, or all of it. Throws `file_not_found`. */
  stream(key: string, range?: { start: number; end: number }): Promise<Readable>;
  read(key: string): Promise<Buffer>;
  /** Nothing happens when there is nothing. */
  delete(key: string): Promise<void>;
  /** Every key under a folder inside one of those that keys lie in, such as `runs/12/`. Nothing happens when there is nothing. */
  deleteFolder(folder: string): Promise<void>;
  /**
   * Moves a blob that no row knows to `set-aside/<day>/<key>`, under a number where that is taken. Nothing happens when
   * there is nothing. Returns the new key.
   */
  setAside(key: string, day: string): Promise<string | null>;
  /** Every key that starts with `prefix` (which ends in `/`), in no order. */
  list(prefix: string): AsyncIterable<BlobStat & { key: string }>;
  /** Of the place all keys are kept in; null where there is no telling. */
  room(): Promise<{ freeBytes: number; totalBytes: number } | null>;
}
