/**
 * Keeps deleted and cleaned-up rows with their files for some days. A restored item has its old ids and addresses, and
 * its unfinished frames wait again. Files that leave the bin for good go through `trash`, like every removed file.
 */
import {
  type BinItem,
  type BinPage,
  type BinQuery,
  type Caller,
  type EmptyBinRequest,
  type EmptyBinResult,
  isPictureType,
  outputId,
  parseOutputId,
  type RestoreRequest,
  type RestoreResult,
  StudioError,
} from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import { chunksOf } from '../chunks-of.ts';
import type { Database, Writer } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { BinRow, OutputRow, TaskRow, UploadRow } from '../db/schema.ts';
import { starNoteKey } from '../outputs/star-notes.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { TaskNews } from '../tasks/news.ts';
import { rememberFiles } from '../tasks/store/removal.ts';
import { taskRow } from '../tasks/store/task-rows.ts';
import { emptyTrash } from '../tasks/store/trash.ts';
import { restoreRows } from './restore-rows.ts';
import {
  binItem,
  binItemNamed,
  binItems,
  binPage,
  binSum,
  deleteBinItems,
  filesOfBinItems,
  type KeptRows,
  oldestBinItems,
  withPicturesOf,
} from './store/bin-rows.ts';

const DAY_MS = 86_400_000;
/** Number of items removed per transaction, so that other writes wait only a moment. */
const BATCH = 50;

export interface BinOptions {
  db: Database;
  blobs: Blobs;
  bus: Pick<Bus, 'publish'>;
  news: Pick<TaskNews, 'changed'>;
  /** Days that an item is kept; 0: there is no bin. */
  days: number;
  /** The oldest items are removed if the bin is larger; null: no limit. */
  maxBytes: number | null;
}

export class Bin {
  readonly #options: BinOptions;

  constructor(options: BinOptions) {
    this.#options = options;
  }

  async list(caller: Caller, { before, limit }: BinQuery): Promise<BinPage> {
    const { db, days } = this.#options;
    const rows = await binPage(caller, db.read, { before, limit: limit + 1 });
    const { items, size_bytes } = await binSum(caller, db.read);
    const shown = rows.slice(0, limit);
    return {
      items: shown.map((row) => toItem(row, days)),
      next_before: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
      count: items,
      size_bytes,
      days,
    };
  }

  /**
   * Restores all of the items or none.
   * @throws StudioError `bin_item_not_found`, `bin_task_missing`
   */
  async restore(caller: Caller, request: RestoreRequest): Promise<RestoreResult> {
    const { db, bus, news } = this.#options;
    const restored = await db.write(async (trx) => {
      const items = await requested(caller, trx, request);
      for (const item of items) await restoreRows(trx, item, JSON.parse(item.rows) as KeptRows);
      await deleteBinItems(
        trx,
        items.map(({ id }) => id),
      );
      return items;
    });
    if (restored.some(({ kind }) => kind === 'dataset')) bus.publish({ type: 'changed', list: 'datasets' });
    const tasks = [...new Set(restored.flatMap(({ task_id }) => task_id ?? []))];
    for (const id of tasks) {
      await news.changed(id);
      const [row] = (await taskRow(caller, db.read, { id })).rows;
      if (row?.status === 'queued') bus.publish({ type: 'wake', lane: row.lane });
    }
    return { restored: restored.length, tasks };
  }

  /** Resolves when the rows are removed; the next clean-up removes remaining files. */
  async empty(caller: Caller, { items: ids }: EmptyBinRequest): Promise<EmptyBinResult> {
    const sum = { removed: 0, size_bytes: 0 };
    if (ids === undefined)
      while (await this.#remove(caller, (trx) => oldestBinItems(caller, trx, BATCH), sum));
    else
      for (const some of chunksOf(ids, BATCH))
        await this.#remove(caller, (trx) => binItems(caller, trx, some), sum);
    await emptyTrash(this.#options.db, this.#options.blobs).catch(() => undefined);
    return sum;
  }

  /** Removes items that are too old, and the oldest ones while the bin is too large. */
  async expire(caller: Caller, nowMs: number): Promise<EmptyBinResult> {
    const { db, blobs, days, maxBytes } = this.#options;
    const sum = { removed: 0, size_bytes: 0 };
    const before = nowMs - days * DAY_MS;
    while (await this.#remove(caller, (trx) => oldestBinItems(caller, trx, BATCH, before), sum));
    while (maxBytes !== null && (await binSum(caller, db.read)).size_bytes > maxBytes)
      if (!(await this.#remove(caller, (trx) => oldestBinItems(caller, trx, 1), sum))) break;
    await emptyTrash(db, blobs);
    return sum;
  }

  /** Blob key and size in pixels of an item's first picture. @throws StudioError `bin_item_not_found`, `file_not_found` */
  async picture(caller: Caller, id: number): Promise<{ key: string; pixels: number }> {
    const item = await binItem(caller, this.#options.db.read, id);
    if (!item) throw notFound(id);
    const picture = firstPicture(item);
    if (!picture) throw new StudioError('file_not_found', { data: { name: item.title } });
    return { key: picture.file, pixels: (picture.width ?? 0) * (picture.height ?? 0) };
  }

  /** False: there was nothing to remove. */
  async #remove(
    caller: Caller,
    next: (trx: Writer) => Promise<BinRow[]>,
    sum: EmptyBinResult,
  ): Promise<boolean> {
    const removed = await this.#options.db.write(
      async (trx) => {
        const items = await next(trx);
        if (items.length === 0) return [];
        const all = await withPicturesOf(caller, trx, items);
        const ids = all.map(({ id }) => id);
        await rememberFiles(trx, [...(await filesOfBinItems(trx, ids)), ...all.flatMap(starNotesOf)]);
        await deleteBinItems(trx, ids);
        return all;
      },
      { frees: true },
    );
    sum.removed += removed.length;
    sum.size_bytes += removed.reduce((bytes, { size_bytes }) => bytes + size_bytes, 0);
    return removed.length > 0;
  }
}

async function requested(
  caller: Caller,
  trx: Writer,
  { items, tasks, outputs }: RestoreRequest,
): Promise<BinRow[]> {
  const found = new Map<number, BinRow>();
  const add = (row: BinRow | undefined, ref: number | string) => {
    if (!row) throw notFound(ref);
    found.set(row.id, row);
  };
  for (const id of items) add(await binItem(caller, trx, id), id);
  for (const id of tasks) add(await binItemNamed(caller, trx, 'task', String(id)), id);
  for (const ref of outputs) {
    const name = parseOutputId(ref);
    add(name ? await binItemNamed(caller, trx, 'picture', outputId(name)) : undefined, ref);
  }
  // A task is restored before the pictures that were deleted from it.
  return [...found.values()].sort((a, b) => Number(b.kind === 'task') - Number(a.kind === 'task'));
}

const notFound = (ref: number | string) => new StudioError('bin_item_not_found', { data: { ref } });

function toItem(row: BinRow, days: number): BinItem {
  const picture = firstPicture(row);
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    task_id: row.task_id,
    files: row.files,
    size_bytes: row.size_bytes,
    cause: row.cause,
    deleted_at: new Date(row.deleted_at).toISOString(),
    expires_at: new Date(row.deleted_at + days * DAY_MS).toISOString(),
    thumbnail_url: picture ? `/api/bin/${row.id}/thumbnail` : null,
  };
}

/** Of a task that was starred. */
function starNotesOf({ kind, task_id, rows }: BinRow): string[] {
  const [task] = (kind === 'task' ? parsed<KeptRows>(rows)?.tasks : null) ?? [];
  return task_id !== null && task && (task as TaskRow).stars > 0 ? [starNoteKey(task_id)] : [];
}

function firstPicture({ rows }: BinRow): OutputRow | UploadRow | undefined {
  const { outputs = [], uploads = [] } = parsed<KeptRows>(rows) ?? {};
  const files = [...outputs, ...uploads] as (OutputRow | UploadRow)[];
  return files.find(({ media_type }) => isPictureType(media_type));
}
