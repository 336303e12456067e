/** Rows of versions of data sets, and of the runs that learn from them. */
import { chunksOf } from '../../chunks-of.ts';
import type { Reader, Writer } from '../../db/database.ts';
import type { PictureOfSet } from './dataset-rows.ts';

/** Below the parameter limit of a statement on both databases. */
const ROWS_AT_ONCE = 100;

export interface NewestVersion {
  number: number;
  content: string;
}

export const newestVersion = (db: Reader, set: number): Promise<NewestVersion | undefined> =>
  db
    .selectFrom('dataset_versions')
    .select(['number', 'content'])
    .where('dataset_id', '=', set)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();

export async function insertVersion(
  trx: Writer,
  set: number,
  { number, content }: NewestVersion,
  pictures: readonly PictureOfSet[],
): Promise<void> {
  await trx
    .insertInto('dataset_versions')
    .values({ dataset_id: set, number, content, created_at: Date.now() })
    .execute();
  const rows = pictures.map(({ upload_id, caption, crop }, place) => ({
    dataset_id: set,
    version: number,
    place,
    upload_id,
    caption,
    crop,
  }));
  for (const some of chunksOf(rows, ROWS_AT_ONCE))
    await trx.insertInto('dataset_version_pictures').values(some).execute();
}

export async function insertRun(
  trx: Writer,
  run: { task_id: number; dataset_id: number; version: number },
): Promise<void> {
  await trx.insertInto('dataset_runs').values(run).execute();
}

/** The first unfinished run of each set that has one. */
export async function unfinishedRuns(db: Reader, sets: number[]): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const some of chunksOf(sets, ROWS_AT_ONCE)) {
    const rows = await db
      .selectFrom('dataset_runs')
      .innerJoin('tasks', 'tasks.id', 'dataset_runs.task_id')
      .select(['dataset_runs.dataset_id', 'dataset_runs.task_id'])
      .where('dataset_id', 'in', some)
      .where('tasks.status', 'in', ['queued', 'running'])
      .orderBy('task_id', 'desc')
      .execute();
    for (const { dataset_id, task_id } of rows) found.set(dataset_id, task_id);
  }
  return found;
}

/** Newest first. */
export async function versionsOf(db: Reader, set: number) {
  const versions = await db
    .selectFrom('dataset_versions')
    .select((eb) => [
      'number',
      'created_at',
      eb
        .selectFrom('dataset_version_pictures')
        .select((of) => of.fn.countAll<number>().as('n'))
        .whereRef('dataset_version_pictures.dataset_id', '=', 'dataset_versions.dataset_id')
        .whereRef('dataset_version_pictures.version', '=', 'dataset_versions.number')
        .as('pictures'),
    ])
    .where('dataset_id', '=', set)
    .orderBy('number', 'desc')
    .execute();
  const runs = await db
    .selectFrom('dataset_runs')
    .innerJoin('tasks', 'tasks.id', 'dataset_runs.task_id')
    .select(['dataset_runs.version', 'dataset_runs.task_id'])
    .where('dataset_id', '=', set)
    .orderBy('task_id')
    .execute();
  return versions.map(({ number, created_at, pictures }) => ({
    number,
    pictures: Number(pictures),
    runs: runs.filter(({ version }) => version === number).map(({ task_id }) => task_id),
    created_at: new Date(created_at).toISOString(),
  }));
}
