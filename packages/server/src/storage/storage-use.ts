/**
 * The size of the data folder by parts: pictures from rows, the database from its file, everything else from the
 * folder. Rows and folder are read in small pieces, so that the server stays responsive with a million pictures. The
 * result is cached for a moment.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoragePart, StorageUse } from '@limner/contract';
import type { Database } from '../db/database.ts';
import type { Blobs } from './blobs.ts';

const KEPT_MS = 30_000;
const ROWS_AT_ONCE = 2_000;
const TRASH_AT_ONCE = 100;

interface Sum {
  files: number;
  size_bytes: number;
}

export interface StorageUseOptions {
  db: Database;
  blobs: Blobs;
  cleanupDays: number;
}

export class StorageMeter {
  readonly #o: StorageUseOptions;
  #known: { use: Promise<StorageUse>; untilMs: number } | null = null;

  constructor(options: StorageUseOptions) {
    this.#o = options;
  }

  /** Requests during a measurement share its result. */
  use(): Promise<StorageUse> {
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

  /** Something was removed, so the next request measures again. */
  forget(): void {
    this.#known = null;
  }

  async #measure(): Promise<StorageUse> {
    const size = this.#o.db.size();
    const sums: [StoragePart, Promise<Sum>][] = [
      ['outputs', this.#outputs()],
      ['uploads', this.#uploads()],
      ['thumbnails', this.#folder('thumbs/')],
      ['loras', this.#folder('loras/')],
      ['training', this.#folder('training/')],
      ['database', size.then(({ database }) => database)],
      ['backups', size.then(({ backups }) => backups)],
      ['set_aside', this.#folder('set-aside/')],
      ['trash', this.#trash()],
    ];
    const parts = await Promise.all(sums.map(async ([part, sum]) => ({ part, ...(await sum) })));
    const room = await this.#o.blobs.room();
    return {
      parts,
      disk: { free_bytes: room?.freeBytes ?? 0, total_bytes: room?.totalBytes ?? 0 },
      cleanup_days: this.#o.cleanupDays,
      measured_at: new Date().toISOString(),
    };
  }

  async #outputs(): Promise<Sum> {
    const { read } = this.#o.db;
    const last = await read
      .selectFrom('tasks')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    const sum = { files: 0, size_bytes: 0 };
    for (let from = 0; from <= (last?.id ?? 0); from += ROWS_AT_ONCE) {
      const row = await read
        .selectFrom('outputs')
        .select((eb) => [eb.fn.countAll<number>().as('files'), eb.fn.sum<number>('size_bytes').as('size')])
        .where('task_id', '>', from)
        .where('task_id', '<=', from + ROWS_AT_ONCE)
        .executeTakeFirst();
      sum.files += Number(row?.files ?? 0);
      sum.size_bytes += Number(row?.size ?? 0);
      await nextTurn();
    }
    return sum;
  }

  async #uploads(): Promise<Sum> {
    const sum = { files: 0, size_bytes: 0 };
    for (let after = ''; ; ) {
      const rows = await this.#o.db.read
        .selectFrom('uploads')
        .select(['id', 'size_bytes'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(ROWS_AT_ONCE)
        .execute();
      for (const { size_bytes } of rows) add(sum, size_bytes);
      if (rows.length < ROWS_AT_ONCE) return sum;
      after = rows.at(-1)?.id ?? '';
      await nextTurn();
    }
  }

  async #folder(prefix: string): Promise<Sum> {
    const sum = { files: 0, size_bytes: 0 };
    for await (const { sizeBytes } of this.#o.blobs.list(prefix)) add(sum, sizeBytes);
    return sum;
  }

  async #trash(): Promise<Sum> {
    const sum = { files: 0, size_bytes: 0 };
    for (let after = ''; ; ) {
      const rows = await this.#o.db.read
        .selectFrom('trash')
        .select('file')
        .where('file', '>', after)
        .orderBy('file')
        .limit(TRASH_AT_ONCE)
        .execute();
      const files = await Promise.all(rows.map(({ file }) => this.#o.blobs.stat(file)));
      for (const file of files) if (file) add(sum, file.sizeBytes);
      if (rows.length < TRASH_AT_ONCE) return sum;
      after = rows.at(-1)?.file ?? '';
    }
  }
}

function add(sum: Sum, sizeBytes: number): void {
  sum.files += 1;
  sum.size_bytes += sizeBytes;
}
