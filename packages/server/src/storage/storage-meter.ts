/**
 * Measures the size of each part of the data folder. Pictures are summed from rows, other parts from the folder. Both are
 * read in small pieces, so that Limner keeps answering with a million pictures. The result is kept for 30 seconds.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Caller, StoragePart, StorageUse } from '@limner/contract';
import { refuseStranger, SYSTEM } from '../access.ts';
import { binSum } from '../bin/store/bin-rows.ts';
import type { Database } from '../db/database.ts';
import type { Blobs } from './blobs.ts';
import { outputSums, type Sum, trashedFiles, uploadSums } from './sizes-store.ts';

const KEPT_MS = 30_000;
const ROWS_AT_ONCE = 2_000;
const TRASH_AT_ONCE = 100;

export interface StorageMeterOptions {
  db: Database;
  blobs: Blobs;
  cleanupDays: number;
  /** Absolute. */
  dataDir: string;
}

export class StorageMeter {
  readonly #db: Database;
  readonly #blobs: Blobs;
  readonly #cleanupDays: number;
  readonly #dataDir: string;
  #known: { use: Promise<StorageUse>; untilMs: number } | null = null;

  constructor({ db, blobs, cleanupDays, dataDir }: StorageMeterOptions) {
    this.#dataDir = dataDir;
    this.#db = db;
    this.#blobs = blobs;
    this.#cleanupDays = cleanupDays;
  }

  /** Covers everything, of all callers. Requests during a measurement wait for its result. */
  async use(caller: Caller): Promise<StorageUse> {
    refuseStranger(caller);
    if (this.#known && Date.now() < this.#known.untilMs) return this.#known.use;
    const use = this.#measure();
    const known = { use, untilMs: Number.POSITIVE_INFINITY };
    this.#known = known;
    use.then(
      () => {
        known.untilMs = Date.now() + KEPT_MS;
      },
      () => this.forget(),
    );
    return use;
  }

  /** Called after a removal: the next request measures again. */
  forget(): void {
    this.#known = null;
  }

  async #measure(): Promise<StorageUse> {
    const { read } = this.#db;
    const size = this.#db.size();
    const sums: [StoragePart, Promise<Sum>][] = [
      ['outputs', total(outputSums(SYSTEM, read, ROWS_AT_ONCE))],
      ['uploads', total(uploadSums(SYSTEM, read, ROWS_AT_ONCE))],
      ['thumbnails', this.#folder('thumbs/')],
      ['loras', this.#folder('loras/')],
      ['training', this.#folder('training/')],
      ['database', size.then(({ database }) => database)],
      ['backups', size.then(({ backups }) => backups)],
      ['set_aside', this.#folder('set-aside/')],
      ['bin', binSum(SYSTEM, read)],
      ['trash', this.#trash()],
    ];
    const parts = await Promise.all(
      sums.map(async ([part, sum]) => {
        const { files, size_bytes } = await sum;
        return { part, files, size_bytes };
      }),
    );
    const room = await this.#blobs.room();
    return {
      parts,
      data_dir: this.#dataDir,
      disk: { free_bytes: room?.freeBytes ?? 0, total_bytes: room?.totalBytes ?? 0 },
      cleanup_days: this.#cleanupDays,
      measured_at: new Date().toISOString(),
    };
  }

  async #folder(prefix: string): Promise<Sum> {
    const sum = { files: 0, size_bytes: 0 };
    for await (const { sizeBytes } of this.#blobs.list(prefix)) add(sum, { files: 1, size_bytes: sizeBytes });
    return sum;
  }

  async #trash(): Promise<Sum> {
    const sum = { files: 0, size_bytes: 0 };
    for await (const keys of trashedFiles(SYSTEM, this.#db.read, TRASH_AT_ONCE)) {
      const sums = await Promise.all(keys.map((key) => this.#file(key)));
      for (const each of sums) add(sum, each);
    }
    return sum;
  }

  /** Of a key, or of all keys in a folder such as `runs/12/`. */
  async #file(key: string): Promise<Sum> {
    if (key.endsWith('/')) return this.#folder(key);
    const file = await this.#blobs.stat(key);
    return file ? { files: 1, size_bytes: file.sizeBytes } : { files: 0, size_bytes: 0 };
  }
}

async function total(pieces: AsyncIterable<Sum>): Promise<Sum> {
  const sum = { files: 0, size_bytes: 0 };
  for await (const piece of pieces) {
    add(sum, piece);
    await nextTurn();
  }
  return sum;
}

function add(sum: Sum, { files, size_bytes }: Sum): void {
  sum.files += files;
  sum.size_bytes += size_bytes;
}
