/** Rows of styles. */
import type { Caller } from '@limner/contract';
import type { Insertable, Updateable } from 'kysely';
import { refuseStranger } from '../access.ts';
import type { Reader, Writer } from '../db/database.ts';
import { isPostgres } from '../db/lock.ts';
import type { StyleRow, StylesTable } from '../db/schema.ts';
import { visibleTo } from '../db/visible-to.ts';

const visibleStyles = (caller: Caller, db: Reader) =>
  db.selectFrom('styles').selectAll().where(visibleTo(caller));

/** The base style first, then by time of creation. */
export const listStyles = (caller: Caller, db: Reader): Promise<StyleRow[]> =>
  visibleStyles(caller, db).orderBy('is_base', 'desc').orderBy('id').execute();

export const findStyle = (caller: Caller, db: Reader, id: number): Promise<StyleRow | undefined> =>
  visibleStyles(caller, db).where('id', '=', id).executeTakeFirst();

export const styleNamed = (caller: Caller, db: Reader, name: string): Promise<StyleRow | undefined> =>
  visibleStyles(caller, db).where('name', '=', name).executeTakeFirst();

/** The style that was trained into this file, by its blob key. */
export const styleOfFile = (caller: Caller, db: Reader, key: string): Promise<StyleRow | undefined> =>
  visibleStyles(caller, db).where('lora_path', '=', key).where('family', 'is not', null).executeTakeFirst();

/** Locked until the transaction ends. */
export const styleToChange = (caller: Caller, trx: Writer, id: number): Promise<StyleRow | undefined> =>
  visibleStyles(caller, trx)
    .where('id', '=', id)
    .$if(isPostgres(trx), (locked) => locked.forUpdate())
    .executeTakeFirst();

export function insertStyle(caller: Caller, trx: Writer, row: Insertable<StylesTable>): Promise<StyleRow> {
  refuseStranger(caller);
  return trx.insertInto('styles').values(row).returningAll().executeTakeFirstOrThrow();
}

/** Null: the name is taken, and nothing was written. */
export async function insertStyleUnlessTaken(
  trx: Writer,
  row: Insertable<StylesTable>,
): Promise<number | null> {
  const inserted = await trx
    .insertInto('styles')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted?.id ?? null;
}

export async function hasBaseStyle(trx: Writer): Promise<boolean> {
  const row = await trx.selectFrom('styles').select('id').where('is_base', '=', 1).executeTakeFirst();
  return row !== undefined;
}

/** The style must come from `styleToChange`. */
export async function updateStyle(trx: Writer, id: number, change: Updateable<StylesTable>): Promise<void> {
  await trx.updateTable('styles').set(change).where('id', '=', id).execute();
}

/** The style must come from `styleToChange`. Its training runs keep no reference to it. */
export async function deleteStyle(trx: Writer, id: number): Promise<void> {
  await trx.deleteFrom('styles').where('id', '=', id).execute();
  await trx.updateTable('training_runs').set({ style_id: null }).where('style_id', '=', id).execute();
}
