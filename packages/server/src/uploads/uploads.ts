/**
 * Uploads of users. A file is received under a temporary name, checked, re-encoded and then moved to its key; its row
 * is written last, so a row never names an incomplete file. If the process is killed in between, `setUploadsAside` sets
 * the file without a row aside.
 *
 * Equal files are stored twice on purpose: each upload has its own id and lifetime.
 */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Caller, Upload } from '@limner/contract';
import { refuseStranger } from '../access.ts';
import type { Database } from '../db/database.ts';
import type { UploadRow } from '../db/schema.ts';
import { clean } from '../images/clean.ts';
import { randomId } from '../random-id.ts';
import type { Blobs } from '../storage/blobs.ts';
import { received } from './receive.ts';
import { findUpload, insertUpload } from './uploads-store.ts';

export interface UploadsOptions {
  db: Database;
  blobs: Blobs;
  /** Where files are received, on a disk of this machine. */
  incomingDir: string;
  limits: { maxFileSizeBytes: number; maxPixels: number };
  /** The built `picture-child.ts`. */
  pictureEntry: string;
}

export class Uploads {
  readonly #options: UploadsOptions;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  get maxFileSizeBytes(): number {
    return this.#options.limits.maxFileSizeBytes;
  }

  async find(caller: Caller, id: string): Promise<UploadRow | null> {
    return (await findUpload(caller, this.#options.db.read, id)) ?? null;
  }

  async create(caller: Caller, body: Readable, fileName: string): Promise<Upload> {
    refuseStranger(caller);
    const { incomingDir, limits, pictureEntry: childEntry } = this.#options;
    return received(body, { folder: incomingDir, limitBytes: limits.maxFileSizeBytes }, async (file) => {
      const cleaned = `${file}.clean`;
      try {
        const picture = await clean(file, cleaned, { maxPixels: limits.maxPixels, fileName, childEntry });
        return await this.#keep(caller, cleaned, picture, shownName(fileName));
      } finally {
        await rm(cleaned, { force: true });
      }
    });
  }

  async #keep(
    caller: Caller,
    source: string,
    picture: Awaited<ReturnType<typeof clean>>,
    name: string,
  ): Promise<Upload> {
    const { db, blobs } = this.#options;
    const id = `u${randomId()}`;
    const file = `uploads/${id}.${picture.extension}`;
    const { sizeBytes, sha256 } = await blobs.put(file, createReadStream(source));
    const { mediaType: media_type, width, height } = picture;
    const row = {
      id,
      file,
      name,
      media_type,
      width,
      height,
      size_bytes: sizeBytes,
      sha256,
      created_at: Date.now(),
    };
    await db.write((trx) => insertUpload(caller, trx, row));
    return toUpload(row);
  }
}

/** The user's file name, only for display: its last part, without control characters, at most 200 characters. */
function shownName(fileName: string): string {
  const last = fileName.split(/[/\\]/).at(-1) ?? '';
  const name = last
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .trim();
  return [...name].slice(0, 200).join('') || 'picture';
}

function toUpload(row: UploadRow): Upload {
  const { id, file, name, media_type, width, height, size_bytes, sha256, created_at } = row;
  const url = `/${file}`;
  return {
    id,
    url,
    name,
    media_type,
    width,
    height,
    size_bytes,
    sha256,
    created_at: new Date(created_at).toISOString(),
  };
}
