/**
 * Deleted rows as JSON by table, and their files. The tables themselves hold no deleted rows, so that no list, search or
 * index has to exclude them.
 *
 * A migration that changes one of these tables must change the rows in `bin` too.
 */
import type { BinKind, Caller } from '@limner/contract';
import { chunksOf } from '../../chunks-of.ts';
import type { Reader, Writer } from '../../db/database.ts';
import type { BinRow, Schema } from '../../db/schema.ts';
import { visibleTo } from '../../db/visible-to.ts';

/** Referenced tables come before the tables that refer to them. */
const KEPT_TABLES = [
  'tasks',
  'frames',
  'outputs',
  'task_inputs',
  'training_runs',
  'loss_points',
  'uploads',
  'datasets',
  'dataset_pictures',
  'dataset_versions',
  'dataset_version_pictures',
] as const satisfies (keyof Schema)[];
/** Below the parameter limit of a statement on both databases. */
const ROWS_AT_ONCE = 200;

type KeptTable = (typeof KEPT_TABLES)[number];
export type KeptRows = Partial<Record<KeptTable, object[]>>;

export interface NewBinItem {
  kind: BinKind;
  /** Id of the task, output, upload or data set. */
  ref: string;
  taskId: number | null;
  title: string;
  rows: KeptRows;
  /** Blob keys. */
  files: string[];
  /** Uploads that it names and that stay uploads. */
  uploads?: string[];
  sizeBytes: number;
  cause: BinRow['cause'];
}

export async function insertBinItem(trx: Writer, item: NewBinItem): Promise<void> {
  const { kind, ref, taskId, title, rows, files, uploads = [], sizeBytes, cause } = item;
  const { id } = await trx
    .insertInto('bin')
    .values({
      kind,
      ref,
      task_id: taskId,
      title,
      rows: JSON.stringify(rows),
      files: files.length,
      size_bytes: sizeBytes,
      cause,
      deleted_at: Date.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const some of chunksOf(files, ROWS_AT_ONCE))
    await trx
      .insertInto('bin_files')
      .values(some.map((file) => ({ file, bin_id: id })))
      .execute();
  for (const some of chunksOf(uploads, ROWS_AT_ONCE))
    await trx
      .insertInto('bin_uploads')
      .values(some.map((upload_id) => ({ upload_id, bin_id: id })))
      .execute();
}

/** Rows of a task in every table that has some. */
export async function rowsOfTask(trx: Writer, id: number): Promise<KeptRows> {
  const tables = ['frames', 'outputs', 'task_inputs', 'training_runs', 'loss_points'] as const;
  const rows: KeptRows = {
    tasks: await trx.selectFrom('tasks').selectAll().where('id', '=', id).execute(),
  };
  for (const table of tables) {
    const found = await trx
      .selectFrom(table as 'frames')
      .selectAll()
      .where('task_id', '=', id)
      .execute();
    if (found.length > 0) rows[table] = found;
  }
  return rows;
}

export async function insertKeptRows(trx: Writer, rows: KeptRows): Promise<void> {
  for (const table of KEPT_TABLES)
    for (const some of chunksOf(rows[table] ?? [], ROWS_AT_ONCE))
      await trx
        .insertInto(table as 'frames')
        .values(some as never)
        .execute();
}

/** Newest first. */
export function binPage(
  caller: Caller,
  db: Reader,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<BinRow[]> {
  let query = db.selectFrom('bin').selectAll().where(visibleTo(caller)).orderBy('id', 'desc').limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.execute();
}

export async function binSum(
  caller: Caller,
  db: Reader,
): Promise<{ items: number; files: number; size_bytes: number }> {
  const sum = await db
    .selectFrom('bin')
    .select((eb) => [
      eb.fn.countAll<number>().as('items'),
      eb.fn.sum<number>('files').as('files'),
      eb.fn.sum<number>('size_bytes').as('size'),
    ])
    .where(visibleTo(caller))
    .executeTakeFirstOrThrow();
  return { items: Number(sum.items), files: Number(sum.files ?? 0), size_bytes: Number(sum.size ?? 0) };
}

export const binItem = (caller: Caller, db: Reader, id: number): Promise<BinRow | undefined> =>
  db.selectFrom('bin').selectAll().where('id', '=', id).where(visibleTo(caller)).executeTakeFirst();

/** Ids that do not exist are left out. */
export const binItems = (caller: Caller, db: Reader, ids: number[]): Promise<BinRow[]> =>
  db.selectFrom('bin').selectAll().where('id', 'in', ids).where(visibleTo(caller)).execute();

/** The item with the latest deletion of this id. */
export const binItemNamed = (
  caller: Caller,
  db: Reader,
  kind: BinKind,
  ref: string,
): Promise<BinRow | undefined> =>
  db
    .selectFrom('bin')
    .selectAll()
    .where('kind', '=', kind)
    .where('ref', '=', ref)
    .where(visibleTo(caller))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The oldest ones. `before`: ms */
export function oldestBinItems(
  caller: Caller,
  db: Reader,
  limit: number,
  before?: number,
): Promise<BinRow[]> {
  let query = db.selectFrom('bin').selectAll().where(visibleTo(caller)).orderBy('id').limit(limit);
  if (before !== undefined) query = query.where('deleted_at', '<=', before);
  return query.execute();
}

/** The items of a task and of pictures deleted from it earlier, which cannot be restored without it. */
export function withPicturesOf(caller: Caller, trx: Writer, items: BinRow[]): Promise<BinRow[]> {
  const tasks = items.flatMap(({ kind, task_id }) => (kind === 'task' && task_id !== null ? [task_id] : []));
  const ids = items.map(({ id }) => id);
  return trx
    .selectFrom('bin')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('id', 'in', ids),
        ...(tasks.length > 0 ? [eb.and([eb('kind', '=', 'picture'), eb('task_id', 'in', tasks)])] : []),
      ]),
    )
    .where(visibleTo(caller))
    .execute();
}

export async function filesOfBinItems(trx: Writer, ids: number[]): Promise<string[]> {
  const rows = await trx.selectFrom('bin_files').select('file').where('bin_id', 'in', ids).execute();
  return rows.map(({ file }) => file);
}

/** Also removes the entries of their files and uploads. */
export async function deleteBinItems(trx: Writer, ids: number[]): Promise<void> {
  await trx.deleteFrom('bin_uploads').where('bin_id', 'in', ids).execute();
  await trx.deleteFrom('bin_files').where('bin_id', 'in', ids).execute();
  await trx.deleteFrom('bin').where('id', 'in', ids).execute();
}

export async function isInBin(caller: Caller, db: Reader, file: string): Promise<boolean> {
  const row = await db
    .selectFrom('bin_files')
    .select('bin_id')
    .where('file', '=', file)
    .where(visibleTo(caller))
    .executeTakeFirst();
  return row !== undefined;
}
