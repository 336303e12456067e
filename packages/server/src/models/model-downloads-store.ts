/** Rows of model downloads. */
import type { Insertable, Updateable } from 'kysely';
import type { Reader, Writer } from '../db/database.ts';
import type { ModelDownloadRow, ModelDownloadsTable } from '../db/schema.ts';

const MOST_LISTED = 100;
const UNFINISHED = ['running', 'interrupted'] as const;

export const listDownloads = (db: Reader): Promise<ModelDownloadRow[]> =>
  db.selectFrom('model_downloads').selectAll().orderBy('id', 'desc').limit(MOST_LISTED).execute();

/** Those whose file is not complete, as far as we know. */
export const unfinishedDownloads = (db: Reader): Promise<ModelDownloadRow[]> =>
  db.selectFrom('model_downloads').selectAll().where('status', 'in', UNFINISHED).orderBy('id').execute();

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

/** Of the same file, all that were before it. */
export async function deleteEarlier(trx: Writer, { id, server, file }: ModelDownloadRow): Promise<void> {
  await trx
    .deleteFrom('model_downloads')
    .where('server', '=', server)
    .where('file', '=', file)
    .where('id', '<', id)
    .execute();
}

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

/** False: it has ended, or is gone. */
export async function updateUnfinished(
  trx: Writer,
  id: number,
  change: Updateable<ModelDownloadsTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('model_downloads')
    .set(change)
    .where('id', '=', id)
    .where('status', 'in', UNFINISHED)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Only ended ones. */
export async function deleteDownload(trx: Writer, id: number): Promise<void> {
  await trx.deleteFrom('model_downloads').where('id', '=', id).where('status', '!=', 'running').execute();
}
