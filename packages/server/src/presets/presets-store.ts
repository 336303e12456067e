/** Rows of presets. */
import type { Caller } from '@limner/contract';
import type { Insertable, Updateable } from 'kysely';
import { refuseStranger } from '../access.ts';
import type { Reader, Writer } from '../db/database.ts';
import type { PresetRow, PresetsTable } from '../db/schema.ts';
import { visibleTo } from '../db/visible-to.ts';

/** By name. */
export const listPresets = (caller: Caller, db: Reader): Promise<PresetRow[]> =>
  db.selectFrom('presets').selectAll().where(visibleTo(caller)).orderBy('name').execute();

export function insertPreset(caller: Caller, trx: Writer, row: Insertable<PresetsTable>): Promise<PresetRow> {
  refuseStranger(caller);
  return trx.insertInto('presets').values(row).returningAll().executeTakeFirstOrThrow();
}

/** Undefined: there is none. */
export const updatePreset = (
  caller: Caller,
  trx: Writer,
  id: number,
  change: Updateable<PresetsTable>,
): Promise<PresetRow | undefined> =>
  trx
    .updateTable('presets')
    .set(change)
    .where('id', '=', id)
    .where(visibleTo(caller))
    .returningAll()
    .executeTakeFirst();

/** False: there is none. */
export async function deletePreset(caller: Caller, trx: Writer, id: number): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('presets')
    .where('id', '=', id)
    .where(visibleTo(caller))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export const presetNamed = (caller: Caller, db: Reader, name: string): Promise<PresetRow | undefined> =>
  db.selectFrom('presets').selectAll().where('name', '=', name).where(visibleTo(caller)).executeTakeFirst();

/** Uploads that presets name, found in their text, so that recipes of a newer version count too. */
export async function uploadsOfPresets(db: Reader): Promise<string[]> {
  const rows = await db.selectFrom('presets').select('settings').execute();
  return [...new Set(rows.flatMap(({ settings }) => settings.match(UPLOAD_ID) ?? []))];
}

const UPLOAD_ID = /\bu[a-z2-7]{26}\b/g;
