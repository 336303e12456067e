/**
 * An archive that is made while it is read, one file after the other, so memory does not grow with the number of files.
 * Files are stored uncompressed, because pictures are compressed already, so the length is known before the first byte.
 */
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface ZippedFile {
  name: string;
  mtime: Date;
  sizeBytes: number;
  open(): Promise<Readable>;
}

export interface MadeZip {
  sizeBytes: number;
  stream: Readable;
}

export class StoredZip {
  readonly #zip = new ZipFile();
  readonly #stream = this.#zip.outputStream as Readable;
  #reading: Readable | null = null;

  constructor() {
    this.#stream.once('close', () => this.#reading?.destroy());
    this.#zip.once('error', (error) => this.#stream.destroy(error));
  }

  /** Opened when its turn comes; not at all if the reader has disconnected. */
  add({ name, mtime, sizeBytes, open }: ZippedFile): void {
    const stream = this.#stream;
    this.#zip.addReadStreamLazy(name, { size: sizeBytes, mtime, compress: false }, (give) => {
      if (stream.destroyed) return;
      open().then(
        (opened) => {
          this.#reading = opened;
          opened.once('error', (error) => stream.destroy(error));
          if (stream.destroyed) opened.destroy();
          else give(null, opened);
        },
        (error) => stream.destroy(error),
      );
    });
  }

  /** `plain`: without fields of other archivers, so that the bytes lie where a format wants them. */
  addBytes(name: string, bytes: Buffer, mtime: Date, { plain = false } = {}): void {
    this.#zip.addBuffer(bytes, name, { mtime, compress: false, forceDosTimestamp: plain });
  }

  /** The length is known because nothing is compressed. */
  async end(): Promise<MadeZip> {
    // Its types leave the argument out.
    const sizeBytes = await new Promise<number>((resolve) =>
      this.#zip.end(undefined, resolve as (sizeBytes?: number) => void),
    );
    return { sizeBytes, stream: this.#stream };
  }
}
