/** Rows of work on data sets. Its process writes only while the row is `running`, so a cancel holds. */
import type { Caller } from '@limner/contract';
import type { Insertable, Updateable } from 'kysely';
import { refuseStranger } from '../../access.ts';
import { databaseNow } from '../../db/clock.ts';
import type { Reader, Writer } from '../../db/database.ts';
import type { DatasetWorkRow, DatasetWorkTable } from '../../db/schema.ts';
import { visibleTo } from '../../db/visible-to.ts';

/** A row, and the time of the database: of another process, whose clock differs. */
export type WorkNow = DatasetWorkRow & { now: number };

export async function insertWork(
  caller: Caller,
  trx: Writer,
  row: Omit<Insertable<DatasetWorkTable>, 'updated_at'>,
): Promise<DatasetWorkRow> {
  refuseStranger(caller);
  const values = { ...row, updated_at: databaseNow(trx, Date.now()) };
  return trx.insertInto('dataset_work').values(values).returningAll().executeTakeFirstOrThrow();
}

export const findWork = (caller: Caller, db: Reader, set: number, id: number): Promise<WorkNow | undefined> =>
  db
    .selectFrom('dataset_work')
    .selectAll()
    .select(databaseNow(db, Date.now()).as('now'))
    .where('id', '=', id)
    .where('dataset_id', '=', set)
    .where(visibleTo(caller))
    .executeTakeFirst();

export const unfinishedWork = (caller: Caller, db: Reader, set: number): Promise<WorkNow[]> =>
  db
    .selectFrom('dataset_work')
    .selectAll()
    .select(databaseNow(db, Date.now()).as('now'))
    .where('dataset_id', '=', set)
    .where('status', '=', 'running')
    .where(visibleTo(caller))
    .orderBy('id')
    .execute();

/** False: it is not running any more. */
export async function writeWork(
  trx: Writer,
  id: number,
  change: Omit<Updateable<DatasetWorkTable>, 'updated_at'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('dataset_work')
    .set({ ...change, updated_at: databaseNow(trx, Date.now()) })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What was done when a cancel was noticed. */
export async function writeCancelled(trx: Writer, id: number, done: number, files: string): Promise<void> {
  await trx.updateTable('dataset_work').set({ done, files }).where('id', '=', id).execute();
}

/** Ended before this time, and running without a sign of life since. */
export async function deleteOldWork(trx: Writer, before: number): Promise<void> {
  await trx.deleteFrom('dataset_work').where('updated_at', '<', before).execute();
}
