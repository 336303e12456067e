import type { Readable } from 'node:stream';
import type { Blobs } from '../blobs.ts';

/** Work folders of runs, in which programs write. */
const LOCAL = 'runs/';

/**
 * Blobs in a bucket, but work folders of runs on this machine, because programs write there. `room` is that of the data
 * folder, which also has the database.
 */
export class BlobsWithLocalRuns implements Blobs {
  readonly #local: Blobs;
  readonly #remote: Blobs;

  constructor({ local, remote }: { local: Blobs; remote: Blobs }) {
    this.#local = local;
    this.#remote = remote;
  }

  put(key: string, body: Buffer | Readable, options?: { limitBytes?: number }) {
    return this.#of(key).put(key, body, options);
  }

  stat(key: string) {
    return this.#of(key).stat(key);
  }

  stream(key: string, range?: { start: number; end: number }) {
    return this.#of(key).stream(key, range);
  }

  read(key: string) {
    return this.#of(key).read(key);
  }

  delete(key: string) {
    return this.#of(key).delete(key);
  }

  deleteFolder(folder: string) {
    return this.#of(folder).deleteFolder(folder);
  }

  setAside(key: string, day: string) {
    return this.#of(key).setAside(key, day);
  }

  move(from: string, to: string) {
    return this.#of(from).move(from, to);
  }

  async removeTemporary(beforeMs: number): Promise<void> {
    await this.#local.removeTemporary(beforeMs);
    await this.#remote.removeTemporary(beforeMs);
  }

  list(prefix: string) {
    return this.#of(prefix).list(prefix);
  }

  room() {
    return this.#local.room();
  }

  #of(key: string): Blobs {
    return key.startsWith(LOCAL) ? this.#local : this.#remote;
  }
}
