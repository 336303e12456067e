/** One output by its name: its file, and the name to save it under. */

import type { Readable } from 'node:stream';
import { type Caller, type OutputId, type OutputName, StudioError } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { NameOf } from './file-names.ts';
import { outputNamed } from './output-name.ts';
import { findOutput, findPoster, type OutputFile } from './outputs-store.ts';

export interface StoredOutput {
  /** Blob key. */
  file: string;
  mediaType: string;
  sizeBytes: number;
  /** Of a picture whose size is known. */
  pixels: number | null;
  createdMs: number;
  /** The name to save it under. */
  fileName: string;
}

export interface OpenOutput extends StoredOutput {
  stream(): Promise<Readable>;
}

export class Outputs {
  readonly #db: Reader;
  readonly #blobs: Blobs;
  readonly #nameOf: NameOf;

  constructor(db: Reader, blobs: Blobs, nameOf: NameOf) {
    this.#nameOf = nameOf;
    this.#db = db;
    this.#blobs = blobs;
  }

  async find(caller: Caller, name: OutputName): Promise<StoredOutput | null> {
    return this.#stored(await findOutput(caller, this.#db, name));
  }

  /** The still that stands for a video of this frame. */
  async poster(caller: Caller, name: OutputName): Promise<StoredOutput | null> {
    return this.#stored(await findPoster(caller, this.#db, name));
  }

  #stored(row: OutputFile | undefined): StoredOutput | null {
    if (!row) return null;
    const { file, width, height } = row;
    const pixels = width && height ? width * height : null;
    return {
      file,
      fileName: this.#nameOf(row),
      pixels,
      mediaType: row.media_type,
      sizeBytes: row.size_bytes,
      createdMs: row.created_at,
    };
  }

  /** @throws StudioError `image_not_found` */
  async open(caller: Caller, id: OutputId): Promise<OpenOutput> {
    const found = await this.find(caller, outputNamed(id));
    if (!found) throw new StudioError('image_not_found', { data: { ref: id } });
    return { ...found, stream: () => this.#blobs.stream(found.file) };
  }
}
