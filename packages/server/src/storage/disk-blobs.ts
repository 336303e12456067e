import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  open,
  opendir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  utimes,
} from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { StudioError } from '@limner/contract';
import { Flusher } from '../flusher.ts';
import { asideKeys, blobFolder, blobKey, blobNotFound, blobTooLarge } from './blob-keys.ts';
import type { BlobStat, Blobs } from './blobs.ts';
import { FileWriter } from './file-writer.ts';

const TEMPORARY = '.tmp';
/** Kept free for rows, so that the failure of a picture can still be written. */
const RESERVE_BYTES = 32 * 1024 ** 2;
/** Number of files whose sizes are read at once. */
const LISTED_AT_ONCE = 64;

interface OpenFolder {
  handle: FileHandle;
  flusher: Flusher;
}

/**
 * Files in a folder of this machine. Writes go to `.tmp`, are flushed and renamed; the folder's entry is flushed too. Whole
 * files are written by a thread, streams as they come.
 */
export class DiskBlobs implements Blobs {
  readonly #root: string;
  readonly #writer: FileWriter;
  /** Open folders, for flushing their entries. Empty on Windows, which has no such call. */
  readonly #folders: ReadonlyMap<string, OpenFolder>;
  #roomyUntilMs = 0;

  private constructor(root: string, writer: FileWriter, folders: ReadonlyMap<string, OpenFolder>) {
    this.#root = root;
    this.#writer = writer;
    this.#folders = folders;
  }

  /** `writerEntry`: the built `file-thread.ts`. */
  static async open(root: string, writerEntry: string): Promise<DiskBlobs> {
    const folders = new Map<string, OpenFolder>();
    for (const folder of [TEMPORARY, 'outputs', 'uploads', 'thumbs', 'loras', 'training', 'stars']) {
      await mkdir(path.join(root, folder), { recursive: true });
      if (process.platform === 'win32') continue;
      const handle = await open(path.join(root, folder), 'r');
      folders.set(folder, { handle, flusher: new Flusher(() => handle.sync()) });
    }
    return new DiskBlobs(root, new FileWriter(writerEntry), folders);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    for (const { handle } of this.#folders.values()) await handle.close();
  }

  async put(key: string, body: Buffer | Readable, options: { limitBytes?: number } = {}) {
    const target = this.#path(key);
    try {
      await this.#refuseWhenFull();
    } catch (error) {
      // An open file keeps its space, also after it is deleted.
      if (!Buffer.isBuffer(body)) body.destroy();
      throw error;
    }
    const temporary = path.join(this.#root, TEMPORARY, randomUUID());
    const limitBytes = options.limitBytes ?? Number.POSITIVE_INFINITY;
    if (!Buffer.isBuffer(body)) return this.#putStream({ key, target, temporary, body, limitBytes });
    if (body.length > limitBytes) throw blobTooLarge(limitBytes);
    const sha256 = await this.#writer.write({ temporary, target, bytes: body });
    return { sizeBytes: body.length, sha256 };
  }

  async #putStream(from: {
    key: string;
    target: string;
    temporary: string;
    body: Readable;
    limitBytes: number;
  }) {
    const { temporary } = from;
    try {
      // The only folders that do not exist from the beginning.
      if (from.key.startsWith('set-aside/')) await mkdir(path.dirname(from.target), { recursive: true });
      const written = await writeFlushed(temporary, from.body, from.limitBytes);
      await rename(temporary, from.target);
      // Without this a power cut can lose the rename of a file whose bytes are safe.
      await this.#folders.get(from.key.split('/')[0] ?? '')?.flusher.flush();
      return written;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async stat(key: string): Promise<BlobStat | null> {
    const found = await stat(this.#path(key)).catch(absent);
    return found?.isFile() ? { sizeBytes: found.size, modifiedMs: found.mtimeMs } : null;
  }

  async stream(key: string, range?: { start: number; end: number }): Promise<Readable> {
    if (!(await this.stat(key))) throw blobNotFound(key);
    return createReadStream(this.#path(key), range);
  }

  async read(key: string): Promise<Buffer> {
    const bytes = await readFile(this.#path(key)).catch(absent);
    if (!bytes) throw blobNotFound(key);
    return bytes;
  }

  async delete(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async deleteFolder(folder: string): Promise<void> {
    // A program or a run that is just ending may still write there.
    await rm(path.join(this.#root, blobFolder(folder)), { recursive: true, force: true, maxRetries: 10 });
  }

  async setAside(key: string, day: string): Promise<string | null> {
    const source = this.#path(key);
    if (!(await this.stat(key))) return null;
    for (const target of asideKeys(key, day)) {
      if (await this.stat(target)) continue;
      await mkdir(path.dirname(this.#path(target)), { recursive: true });
      return (await moved(source, this.#path(target))) ? target : null;
    }
    return null;
  }

  async move(from: string, to: string): Promise<boolean> {
    const [source, target] = [this.#path(from), this.#path(to)];
    const now = new Date();
    // Before the move, so that at no time it looks like an old file without a row.
    const isThere = await utimes(source, now, now).then(() => true, absent);
    if (!isThere || !(await moved(source, target))) return false;
    await this.#folders.get(to.split('/')[0] ?? '')?.flusher.flush();
    return true;
  }

  async removeTemporary(beforeMs: number): Promise<void> {
    const root = path.join(this.#root, TEMPORARY);
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      const found = await stat(file).catch(absent);
      if (found && found.mtimeMs < beforeMs) await rm(file, { force: true });
    }
  }

  /** Reads the folder in pieces, because it may have a million files. */
  async *list(prefix: string): AsyncIterable<BlobStat & { key: string }> {
    const folder = prefix.replace(/\/$/, '');
    const entries = await opendir(path.join(this.#root, folder), { bufferSize: LISTED_AT_ONCE }).catch(
      absent,
    );
    let keys: string[] = [];
    const folders: string[] = [];
    for await (const entry of entries ?? []) {
      const key = `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(key);
      if (entry.isFile()) keys.push(key);
      if (keys.length < LISTED_AT_ONCE) continue;
      yield* await this.#stats(keys);
      keys = [];
    }
    yield* await this.#stats(keys);
    // Not `recursive`: with it Node lists the first `bufferSize` entries of a folder inside this one, and no others.
    for (const each of folders) yield* this.list(each);
  }

  async #stats(keys: string[]): Promise<(BlobStat & { key: string })[]> {
    const found = await Promise.all(
      keys.map(async (key) => {
        const file = await stat(path.join(this.#root, key)).catch(absent);
        return file && { key, sizeBytes: file.size, modifiedMs: file.mtimeMs };
      }),
    );
    return found.filter((entry) => entry !== null);
  }

  async room(): Promise<{ freeBytes: number; totalBytes: number }> {
    const { bavail, blocks, bsize } = await statfs(this.#root);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  }

  /** Enough space is cached for a moment; a lack of space is checked again, because it may have been freed. */
  async #refuseWhenFull(): Promise<void> {
    if (Date.now() < this.#roomyUntilMs) return;
    const { bavail, bsize } = await statfs(this.#root);
    if (bavail * bsize < RESERVE_BYTES) throw new StudioError('disk_full');
    this.#roomyUntilMs = Date.now() + 250;
  }

  #path(key: string): string {
    return path.join(this.#root, blobKey(key));
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** False: somebody else moved it. */
const moved = async (source: string, target: string): Promise<boolean> =>
  (await rename(source, target).then(() => true, absent)) ?? false;

async function writeFlushed(file: string, body: Readable, limitBytes: number) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const handle = await open(file, 'wx');
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) throw blobTooLarge(limitBytes);
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
