/** A file that grows while an animation is written, so that memory holds one frame. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

export class Spool {
  readonly #file: FileHandle;
  #length = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Replaces what an earlier try left there. */
  static async create(path: string): Promise<Spool> {
    return new Spool(await open(path, 'w'));
  }

  get length(): number {
    return this.#length;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#file.writeFile(bytes);
    this.#length += bytes.length;
  }

  /** Writes over what is there, for lengths that are known at the end only. */
  async patch(at: number, bytes: Uint8Array): Promise<void> {
    await this.#file.write(bytes, 0, bytes.length, at);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Open from now on, so that it can be read after its folder is removed. */
  static async reader(path: string): Promise<Readable> {
    return (await open(path)).createReadStream();
  }
}
