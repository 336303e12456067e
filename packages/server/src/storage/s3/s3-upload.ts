/**
 * Writes one blob. A short body is one request. A long one is sent in parts, which become the blob only when the upload is
 * completed: of a body that breaks, or is longer than allowed, nothing stays.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { blobTooLarge } from '../blob-keys.ts';
import type { S3Bucket, UploadedPart } from './s3-bucket.ts';

/** S3 takes 10,000 parts, so 80 GB. Two parts of each upload are in memory. */
const PART_BYTES = 8 * 1024 ** 2;
/**
 * S3 dates an upload in parts by its beginning. A blob that took longer is copied onto itself at its end, so that nobody
 * takes it for an old file without a row.
 */
const LONG_MS = 10 * 60_000;

export async function uploadBlob(
  bucket: S3Bucket,
  key: string,
  body: Buffer | Readable,
  limitBytes: number,
): Promise<{ sizeBytes: number; sha256: string }> {
  if (Buffer.isBuffer(body) && body.length > limitBytes) throw blobTooLarge(limitBytes);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const upload = new PartUpload(bucket, key);
  try {
    for await (const part of partsOf(Buffer.isBuffer(body) ? Readable.from([body]) : body)) {
      sizeBytes += part.length;
      if (sizeBytes > limitBytes) throw blobTooLarge(limitBytes);
      hash.update(part);
      await upload.add(part);
    }
    await upload.end();
  } catch (error) {
    await upload.abort();
    throw error;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

class PartUpload {
  readonly #bucket: S3Bucket;
  readonly #key: string;
  readonly #begunMs = Date.now();
  /** The last part, which alone may be shorter. */
  #held: Buffer = Buffer.alloc(0);
  #upload: string | null = null;
  readonly #parts: UploadedPart[] = [];

  constructor(bucket: S3Bucket, key: string) {
    this.#bucket = bucket;
    this.#key = key;
  }

  async add(part: Buffer): Promise<void> {
    if (this.#held.length > 0) await this.#send(this.#held);
    this.#held = part;
  }

  async end(): Promise<void> {
    if (this.#upload === null) return this.#bucket.put(this.#key, this.#held);
    await this.#send(this.#held);
    await this.#bucket.completeUpload(this.#key, this.#upload, this.#parts);
    this.#upload = null;
    if (Date.now() - this.#begunMs > LONG_MS) await this.#bucket.renew(this.#key);
  }

  /** A failure leaves parts that nobody sees, which a later clean-up removes. */
  async abort(): Promise<void> {
    if (this.#upload !== null) await this.#bucket.abortUpload(this.#key, this.#upload).catch(() => undefined);
  }

  async #send(part: Buffer): Promise<void> {
    this.#upload ??= await this.#bucket.beginUpload(this.#key);
    const number = this.#parts.length + 1;
    this.#parts.push(await this.#bucket.uploadPart(this.#key, this.#upload, number, part));
  }
}

/** Pieces of `PART_BYTES`; the last one may be shorter. */
async function* partsOf(body: Readable): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer | string>) {
    for (let rest = Buffer.from(chunk as Buffer); rest.length > 0; ) {
      const taken = rest.subarray(0, PART_BYTES - length);
      chunks.push(taken);
      length += taken.length;
      rest = rest.subarray(taken.length);
      if (length < PART_BYTES) continue;
      yield Buffer.concat(chunks, length);
      chunks = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(chunks, length);
}
