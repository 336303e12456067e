/** Rows of data sets and their pictures. */
import type { Caller } from '@limner/contract';
import type { Insertable, Selectable, Updateable } from 'kysely';
import { refuseStranger } from '../../access.ts';
import { chunksOf } from '../../chunks-of.ts';
import type { Reader, Writer } from '../../db/database.ts';
import { lockName } from '../../db/lock.ts';
import type {
  DatasetPictureRow,
  DatasetPicturesTable,
  DatasetRow,
  DatasetsTable,
  UploadRow,
} from '../../db/schema.ts';
import { visibleTo } from '../../db/visible-to.ts';

/** Of the first pictures, shown in lists. */
const COVERS = 4;
/** Below the parameter limit of a statement on both databases. */
const ROWS_AT_ONCE = 200;

/** A picture with what its upload says. */
export interface PictureOfSet extends DatasetPictureRow, Pick<UploadRow, 'file' | 'width' | 'height'> {}

export interface SetCounts {
  pictures: number;
  captioned: number;
  /** Blob keys. */
  covers: string[];
}

/** The last changed first. */
export const listSets = (caller: Caller, db: Reader): Promise<DatasetRow[]> =>
  db
    .selectFrom('datasets')
    .selectAll()
    .where(visibleTo(caller))
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .execute();

export const findSet = (caller: Caller, db: Reader, id: number): Promise<DatasetRow | undefined> =>
  db.selectFrom('datasets').selectAll().where('id', '=', id).where(visibleTo(caller)).executeTakeFirst();

export const setNamed = (caller: Caller, db: Reader, name: string): Promise<DatasetRow | undefined> =>
  db.selectFrom('datasets').selectAll().where('name', '=', name).where(visibleTo(caller)).executeTakeFirst();

/** Changes of one set, and trainings that begin with it, wait for each other. */
export const lockSet = (trx: Writer, id: number): Promise<void> => lockName(trx, `dataset ${id}`);

export function insertSet(caller: Caller, trx: Writer, row: Insertable<DatasetsTable>): Promise<DatasetRow> {
  refuseStranger(caller);
  return trx.insertInto('datasets').values(row).returningAll().executeTakeFirstOrThrow();
}

/** Undefined: there is none. */
export const updateSet = (
  caller: Caller,
  trx: Writer,
  id: number,
  change: Updateable<DatasetsTable>,
): Promise<DatasetRow | undefined> =>
  trx
    .updateTable('datasets')
    .set({ ...change, updated_at: Date.now() })
    .where('id', '=', id)
    .where(visibleTo(caller))
    .returningAll()
    .executeTakeFirst();

/** In their order. */
export const picturesOfSet = (caller: Caller, db: Reader, set: number): Promise<PictureOfSet[]> =>
  db
    .selectFrom('dataset_pictures')
    .innerJoin('uploads', 'uploads.id', 'dataset_pictures.upload_id')
    .selectAll('dataset_pictures')
    .select(['uploads.file', 'uploads.width', 'uploads.height'])
    .where('dataset_id', '=', set)
    .where(visibleTo(caller))
    .orderBy('place')
    .orderBy('dataset_pictures.id')
    .execute();

/** By the id of the set. */
export async function countsOf(caller: Caller, db: Reader, sets: number[]): Promise<Map<number, SetCounts>> {
  const counts = new Map<number, SetCounts>(
    sets.map((id) => [id, { pictures: 0, captioned: 0, covers: [] }]),
  );
  for (const some of chunksOf(sets, ROWS_AT_ONCE)) {
    const rows = await db
      .selectFrom('dataset_pictures')
      .select((eb) => [
        'dataset_id',
        eb.fn.countAll<number>().as('pictures'),
        eb.fn.sum<number>(eb.case().when('caption', '!=', '').then(1).else(0).end()).as('captioned'),
      ])
      .where('dataset_id', 'in', some)
      .where(visibleTo(caller))
      .groupBy('dataset_id')
      .execute();
    for (const { dataset_id, pictures, captioned } of rows)
      counts.set(dataset_id, {
        pictures: Number(pictures),
        captioned: Number(captioned),
        covers: await coversOf(db, dataset_id),
      });
  }
  return counts;
}

const coversOf = async (db: Reader, set: number): Promise<string[]> =>
  (
    await db
      .selectFrom('dataset_pictures')
      .innerJoin('uploads', 'uploads.id', 'dataset_pictures.upload_id')
      .select('uploads.file')
      .where('dataset_id', '=', set)
      .orderBy('place')
      .limit(COVERS)
      .execute()
  ).map(({ file }) => file);

export const pictureWithContent = (
  db: Reader,
  set: number,
  sha256: string,
): Promise<DatasetPictureRow | undefined> =>
  db
    .selectFrom('dataset_pictures')
    .selectAll()
    .where('dataset_id', '=', set)
    .where('sha256', '=', sha256)
    .executeTakeFirst();

/** The first picture with this file name, with its ending or without. Lower case. */
export async function pictureNamed(db: Reader, set: number, name: string): Promise<number | null> {
  const rows = await db
    .selectFrom('dataset_pictures')
    .select(['id', 'name'])
    .where('dataset_id', '=', set)
    .orderBy('place')
    .execute();
  const found = rows.find((row) => {
    const picture = row.name.toLowerCase();
    return picture === name || picture.replace(/\.[^.]+$/, '') === name;
  });
  return found?.id ?? null;
}

export async function captionOfPicture(db: Reader, id: number): Promise<string | null> {
  const row = await db
    .selectFrom('dataset_pictures')
    .select('caption')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.caption ?? null;
}

export async function countPictures(db: Reader, set: number): Promise<{ count: number; lastPlace: number }> {
  const row = await db
    .selectFrom('dataset_pictures')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max('place').as('last')])
    .where('dataset_id', '=', set)
    .executeTakeFirstOrThrow();
  return { count: Number(row.count), lastPlace: Number(row.last ?? 0) };
}

export const insertPicture = (
  trx: Writer,
  row: Insertable<DatasetPicturesTable>,
): Promise<DatasetPictureRow> =>
  trx.insertInto('dataset_pictures').values(row).returningAll().executeTakeFirstOrThrow();

export async function updatePicture(
  trx: Writer,
  set: number,
  id: number,
  change: Updateable<DatasetPicturesTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('dataset_pictures')
    .set(change)
    .where('dataset_id', '=', set)
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function deletePictures(trx: Writer, set: number, ids: number[]): Promise<void> {
  for (const some of chunksOf(ids, ROWS_AT_ONCE))
    await trx.deleteFrom('dataset_pictures').where('dataset_id', '=', set).where('id', 'in', some).execute();
}

/** With all that belongs to it, for the bin. */
export async function rowsOfSet(trx: Writer, id: number) {
  const of = (table: 'dataset_pictures' | 'dataset_versions' | 'dataset_version_pictures') =>
    trx
      .selectFrom(table as 'dataset_pictures')
      .selectAll()
      .where('dataset_id', '=', id)
      .execute() as Promise<Selectable<DatasetPicturesTable>[]>;
  return {
    datasets: await trx.selectFrom('datasets').selectAll().where('id', '=', id).execute(),
    dataset_pictures: await of('dataset_pictures'),
    dataset_versions: await of('dataset_versions'),
    dataset_version_pictures: await of('dataset_version_pictures'),
  };
}

export async function deleteSet(trx: Writer, id: number): Promise<void> {
  // In the order of their references, for databases that were opened without cascades.
  for (const table of [
    'dataset_work',
    'dataset_version_pictures',
    'dataset_versions',
    'dataset_pictures',
  ] as const)
    await trx
      .deleteFrom(table as 'dataset_pictures')
      .where('dataset_id', '=', id)
      .execute();
  await trx.deleteFrom('datasets').where('id', '=', id).execute();
}
