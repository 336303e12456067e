/**
 * The requests that Limner sends to S3: one method each, with keys below our prefix and errors as codes of the contract.
 *
 * The SDK is loaded when a bucket is opened, so a Limner with files on disk does without it. Checksums are sent and checked
 * only where S3 demands them, because many servers that speak S3 do not know them.
 */
import type { Readable } from 'node:stream';
import type * as Sdk from '@aws-sdk/client-s3';
import { mediaTypeOfFile } from '@limner/contract';
import { processEnviron } from '../../config.ts';
import { isAbsent, s3Status, toStorageError } from './s3-error.ts';
import type { S3Place } from './s3-place.ts';

const CONNECT_MS = 5_000;
/** Of silence. A viewer that is paused keeps its connection that long. */
const SILENT_MS = 300_000;
/** Downloads to slow browsers hold a connection each. */
const MAX_SOCKETS = 200;
/** `LastModified` is a whole second; the file may be written at its end. */
const SECOND_MS = 999;

export interface S3Object {
  sizeBytes: number;
  /** By the clock of this machine, and never earlier than it was written. */
  modifiedMs: number;
  etag: string | undefined;
}

export interface S3Head extends S3Object {
  /** `LastModified` as the server says it. */
  serverMs: number;
}

export interface UploadedPart {
  PartNumber: number;
  ETag: string | undefined;
}

export class S3Bucket {
  readonly sdk: typeof Sdk;
  readonly client: Sdk.S3Client;
  readonly place: S3Place;
  /** How far this machine's clock is ahead of the server's. */
  #clockAheadMs = 0;

  private constructor(sdk: typeof Sdk, client: Sdk.S3Client, place: S3Place) {
    this.sdk = sdk;
    this.client = client;
    this.place = place;
  }

  /** Sends nothing yet. `tries`: of each request. */
  static async open(place: S3Place, tries = 4): Promise<S3Bucket> {
    // It is about versions of the SDK that Limner does not have yet.
    processEnviron().AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    const sdk = await import('@aws-sdk/client-s3');
    const { keys } = place;
    const client = new sdk.S3Client({
      region: place.region,
      forcePathStyle: place.forcePathStyle,
      maxAttempts: tries,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: CONNECT_MS,
        socketTimeout: SILENT_MS,
        httpAgent: { maxSockets: MAX_SOCKETS },
        httpsAgent: { maxSockets: MAX_SOCKETS },
      },
      ...(place.endpoint ? { endpoint: place.endpoint } : {}),
      ...(keys ? { credentials: { accessKeyId: keys.id, secretAccessKey: keys.secret } } : {}),
    });
    return new S3Bucket(sdk, client, place);
  }

  close(): void {
    this.client.destroy();
  }

  get clockAheadMs(): number {
    return this.#clockAheadMs;
  }

  /** From the time of the server on what was written at `writtenMs` of this clock. Less than two seconds is noise. */
  setClock(writtenMs: number, serverMs: number): void {
    const aheadMs = writtenMs - serverMs - SECOND_MS / 2;
    this.#clockAheadMs = Math.abs(aheadMs) < 2_000 ? 0 : aheadMs;
  }

  /** Input of a command on this key. */
  at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: `${this.place.prefix}${key}` };
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    const input = { ...this.at(key), Body: bytes, ContentLength: bytes.length };
    await this.#sent(
      this.client.send(new this.sdk.PutObjectCommand({ ...input, ContentType: mediaTypeOfFile(key) })),
    );
  }

  async head(key: string): Promise<S3Head | null> {
    const found = await this.#unlessAbsent(this.client.send(new this.sdk.HeadObjectCommand(this.at(key))));
    return (
      found && {
        sizeBytes: found.ContentLength ?? 0,
        modifiedMs: this.#here(found.LastModified),
        serverMs: found.LastModified?.getTime() ?? 0,
        etag: found.ETag,
      }
    );
  }

  /** null: there is none. */
  async get(key: string, range?: { start: number; end: number }): Promise<Readable | null> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const found = await this.#unlessAbsent(
      this.client.send(new this.sdk.GetObjectCommand({ ...this.at(key), ...(Range ? { Range } : {}) })),
    );
    return (found?.Body as Readable | undefined) ?? null;
  }

  /** `etag`: of the source. False: the source is gone, or is another by now. */
  async copy(from: string, to: string, etag: string | undefined): Promise<boolean> {
    const { Bucket, Key } = this.at(from);
    const command = new this.sdk.CopyObjectCommand({
      ...this.at(to),
      CopySource: copySource(Bucket, Key),
      ...(etag ? { CopySourceIfMatch: etag } : {}),
    });
    return this.#unlessChanged(this.client.send(command));
  }

  /** Dates an object now. */
  async renew(key: string): Promise<void> {
    const { Bucket, Key } = this.at(key);
    const command = new this.sdk.CopyObjectCommand({
      ...this.at(key),
      CopySource: copySource(Bucket, Key),
      // S3 refuses a copy onto itself that changes nothing.
      MetadataDirective: 'REPLACE',
      ContentType: mediaTypeOfFile(key),
    });
    await this.#unlessAbsent(this.client.send(command));
  }

  async delete(key: string): Promise<void> {
    await this.#unlessAbsent(this.client.send(new this.sdk.DeleteObjectCommand(this.at(key))));
  }

  /**
   * Only while it is the object with this tag. Servers that do not know the condition ignore or refuse it, so the object
   * is compared first.
   */
  async deleteIf(key: string, etag: string | undefined): Promise<boolean> {
    const now = await this.head(key);
    if (!now || now.etag !== etag) return false;
    const command = new this.sdk.DeleteObjectCommand({ ...this.at(key), ...(etag ? { IfMatch: etag } : {}) });
    try {
      return await this.#unlessChanged(this.client.send(command));
    } catch (error) {
      if (s3Status((error as { cause?: unknown }).cause ?? error) !== 501) throw error;
      await this.delete(key);
      return true;
    }
  }

  /** Every object whose key begins with `prefix`, by its key. */
  async *list(prefix: string): AsyncGenerator<S3Object & { key: string }> {
    const { Bucket, Key: Prefix } = this.at(prefix);
    for (let token: string | undefined; ; ) {
      const page = await this.#sent(
        this.client.send(
          new this.sdk.ListObjectsV2Command({
            Bucket,
            Prefix,
            ...(token ? { ContinuationToken: token } : {}),
          }),
        ),
      );
      for (const { Key, Size, LastModified, ETag } of page.Contents ?? []) {
        // Consoles make empty objects for folders.
        if (Key === undefined || Key.endsWith('/')) continue;
        const key = Key.slice(this.place.prefix.length);
        yield { key, sizeBytes: Size ?? 0, modifiedMs: this.#here(LastModified), etag: ETag };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
      if (token === undefined) return;
    }
  }

  /** @returns the id of an upload in parts, which is invisible until it is completed. */
  async beginUpload(key: string): Promise<string> {
    const input = { ...this.at(key), ContentType: mediaTypeOfFile(key) };
    const { UploadId } = await this.#sent(this.client.send(new this.sdk.CreateMultipartUploadCommand(input)));
    if (UploadId === undefined) throw new Error('S3 began an upload without an id');
    return UploadId;
  }

  async uploadPart(key: string, upload: string, number: number, bytes: Buffer): Promise<UploadedPart> {
    const input = { ...this.at(key), UploadId: upload, PartNumber: number, Body: bytes };
    const { ETag } = await this.#sent(
      this.client.send(new this.sdk.UploadPartCommand({ ...input, ContentLength: bytes.length })),
    );
    return { PartNumber: number, ETag };
  }

  async completeUpload(key: string, upload: string, parts: UploadedPart[]): Promise<void> {
    const MultipartUpload = { Parts: parts };
    const input = { ...this.at(key), UploadId: upload, MultipartUpload };
    await this.#sent(this.client.send(new this.sdk.CompleteMultipartUploadCommand(input)));
  }

  async abortUpload(key: string, upload: string): Promise<void> {
    const input = { ...this.at(key), UploadId: upload };
    await this.#unlessAbsent(this.client.send(new this.sdk.AbortMultipartUploadCommand(input)));
  }

  /** Uploads in parts that have not ended, below our prefix. */
  async *uploads(): AsyncGenerator<{ key: string; upload: string; begunMs: number }> {
    const { Bucket, Key: Prefix } = this.at('');
    let from: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
    while (from) {
      const page: Sdk.ListMultipartUploadsCommandOutput = await this.#sent(
        this.client.send(new this.sdk.ListMultipartUploadsCommand({ Bucket, Prefix, ...from })),
      );
      for (const { Key, UploadId, Initiated } of page.Uploads ?? [])
        if (Key?.startsWith(Prefix) && UploadId !== undefined)
          yield { key: Key.slice(Prefix.length), upload: UploadId, begunMs: this.#here(Initiated) };
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      from =
        page.IsTruncated && KeyMarker !== undefined
          ? { KeyMarker, ...(UploadIdMarker === undefined ? {} : { UploadIdMarker }) }
          : null;
    }
  }

  #here(time: Date | undefined): number {
    return (time?.getTime() ?? 0) + SECOND_MS + this.#clockAheadMs;
  }

  async #sent<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw toStorageError(error);
    }
  }

  async #unlessAbsent<T>(answer: Promise<T>): Promise<T | null> {
    return this.#sent(
      answer.catch((error) => {
        if (isAbsent(error)) return null;
        throw error;
      }),
    );
  }

  async #unlessChanged(answer: Promise<unknown>): Promise<boolean> {
    return this.#sent(
      answer.then(
        () => true,
        (error) => {
          if (isAbsent(error) || s3Status(error) === 412) return false;
          throw error;
        },
      ),
    );
  }
}

const copySource = (bucket: string, key: string): string =>
  `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
