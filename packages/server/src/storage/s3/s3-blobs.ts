import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { asideKeys, blobFolder, blobKey, blobNotFound, isBlobKey } from '../blob-keys.ts';
import type { BlobStat, Blobs } from '../blobs.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { s3Status, toStorageError } from './s3-error.ts';
import { uploadBlob } from './s3-upload.ts';

const DELETED_AT_ONCE = 8;
/** Status of servers that do not list uploads, or not for these keys. */
const UNLISTED = new Set([403, 404, 405, 501]);

/**
 * Objects in a bucket. S3 replaces an object as a whole, so a key is absent or complete at every moment. It cannot move
 * one: a move copies, compares the sizes and deletes the source, but only if that is still the object that was copied. A
 * process that is killed in between leaves both.
 */
export class S3Blobs implements Blobs {
  readonly #bucket: S3Bucket;
  /** The last move of each key. Two moves of one key run one after the other. */
  readonly #moves = new Map<string, Promise<unknown>>();

  constructor(bucket: S3Bucket) {
    this.#bucket = bucket;
  }

  close(): void {
    this.#bucket.close();
  }

  async put(key: string, body: Buffer | Readable, { limitBytes = Number.POSITIVE_INFINITY } = {}) {
    return uploadBlob(this.#bucket, blobKey(key), body, limitBytes);
  }

  async stat(key: string): Promise<BlobStat | null> {
    const found = await this.#bucket.head(blobKey(key));
    return found && { sizeBytes: found.sizeBytes, modifiedMs: found.modifiedMs };
  }

  async stream(key: string, range?: { start: number; end: number }): Promise<Readable> {
    const found = await this.#bucket.get(blobKey(key), range);
    if (!found) throw blobNotFound(key);
    return found;
  }

  async read(key: string): Promise<Buffer> {
    const body = await this.stream(key);
    return buffer(body).catch((error) => {
      throw toStorageError(error);
    });
  }

  async delete(key: string): Promise<void> {
    await this.#bucket.delete(blobKey(key));
  }

  async deleteFolder(folder: string): Promise<void> {
    let deleting: Promise<void>[] = [];
    for await (const { key } of this.#bucket.list(blobFolder(folder))) {
      deleting.push(this.#bucket.delete(key));
      if (deleting.length < DELETED_AT_ONCE) continue;
      await Promise.all(deleting);
      deleting = [];
    }
    await Promise.all(deleting);
  }

  async setAside(key: string, day: string): Promise<string | null> {
    return this.#alone(blobKey(key), async () => {
      for (const target of asideKeys(key, day)) {
        if (await this.#bucket.head(target)) continue;
        return (await this.#moved(key, target)) ? target : null;
      }
      return null;
    });
  }

  async move(from: string, to: string): Promise<boolean> {
    return this.#alone(blobKey(from), () => this.#moved(from, blobKey(to)));
  }

  async #moved(from: string, to: string): Promise<boolean> {
    const source = await this.#bucket.head(from);
    if (!source || !(await this.#bucket.copy(from, to, source.etag))) return false;
    const copied = await this.#bucket.head(to);
    if (copied?.sizeBytes !== source.sizeBytes)
      throw new Error(`the copy of ${from} has ${copied?.sizeBytes ?? 'no'} bytes, not ${source.sizeBytes}`);
    // Otherwise somebody has written a new blob there, which stays.
    await this.#bucket.deleteIf(from, source.etag);
    return true;
  }

  /**
   * `beforeMs`: of the beginning of an upload. Does nothing where the keys or the server do not list uploads: a rule of the
   * bucket can remove them too.
   */
  async removeTemporary(beforeMs: number): Promise<void> {
    try {
      // Without a prefix others may use the bucket too.
      for await (const { key, upload, begunMs } of this.#bucket.uploads())
        if (isBlobKey(key) && begunMs < beforeMs) await this.#bucket.abortUpload(key, upload);
    } catch (error) {
      if (!UNLISTED.has(s3Status((error as Error).cause ?? error) ?? 0)) throw error;
    }
  }

  async *list(prefix: string): AsyncIterable<BlobStat & { key: string }> {
    for await (const { key, sizeBytes, modifiedMs } of this.#bucket.list(prefix))
      yield { key, sizeBytes, modifiedMs };
  }

  async room(): Promise<null> {
    return null;
  }

  async #alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#moves.get(key) ?? Promise.resolve();
    const run = before.then(work, work);
    const ended = run.catch(() => undefined);
    this.#moves.set(key, ended);
    try {
      return await run;
    } finally {
      if (this.#moves.get(key) === ended) this.#moves.delete(key);
    }
  }
}
