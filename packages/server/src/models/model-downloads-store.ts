/** Rows of model downloads. */
import type { Insertable, Updateable } from 'kysely';
import type { Reader, Writer } from '../db/database.ts';
import type { ModelDownloadRow, ModelDownloadsTable } from '../db/schema.ts';

const MOST_LISTED = 100;

export const listDownloads = (db: Reader): Promise<ModelDownloadRow[]> =>
  db.selectFrom('model_downloads').selectAll().orderBy('id', 'desc').limit(MOST_LISTED).execute();

export const runningDownloads = (db: Reader): Promise<ModelDownloadRow[]> =>
  db.selectFrom('model_downloads').selectAll().where('status', '=', 'running').orderBy('id').execute();

/** Undefined: the server downloads this file already. */
export const insertDownload = (
  trx: Writer,
  row: Insertable<ModelDownloadsTable>,
): Promise<ModelDownloadRow | undefined> =>
  trx
    .insertInto('model_downloads')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();

export const runningDownload = (
  db: Reader,
  server: string,
  file: string,
): Promise<ModelDownloadRow | undefined> =>
  db
    .selectFrom('model_downloads')
    .selectAll()
    .where('server', '=', server)
    .where('file', '=', file)
    .where('status', '=', 'running')
    .executeTakeFirst();

export const findDownload = (db: Reader, id: number): Promise<ModelDownloadRow | undefined> =>
  db.selectFrom('model_downloads').selectAll().where('id', '=', id).executeTakeFirst();

/** Changes a running one. False: it has ended. */
export async function updateRunning(
  trx: Writer,
  id: number,
  change: Updateable<ModelDownloadsTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('model_downloads')
    .set(change)
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Only ended ones. */
export async function deleteDownload(trx: Writer, id: number): Promise<void> {
  await trx.deleteFrom('model_downloads').where('id', '=', id).where('status', '!=', 'running').execute();
}
