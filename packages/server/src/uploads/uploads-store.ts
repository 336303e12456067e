/** Rows of uploads. */
import type { Caller } from '@limner/contract';
import { refuseStranger } from '../access.ts';
import type { Reader, Writer } from '../db/database.ts';
import type { UploadRow } from '../db/schema.ts';
import { visibleTo } from '../db/visible-to.ts';

export const findUpload = (caller: Caller, db: Reader, id: string): Promise<UploadRow | undefined> =>
  db.selectFrom('uploads').selectAll().where('id', '=', id).where(visibleTo(caller)).executeTakeFirst();

export const findUploads = async (caller: Caller, db: Reader, ids: string[]): Promise<UploadRow[]> =>
  ids.length === 0
    ? []
    : db.selectFrom('uploads').selectAll().where('id', 'in', ids).where(visibleTo(caller)).execute();

/** By its blob key. */
export const uploadOfFile = (caller: Caller, db: Reader, file: string): Promise<UploadRow | undefined> =>
  db.selectFrom('uploads').selectAll().where('file', '=', file).where(visibleTo(caller)).executeTakeFirst();

export async function insertUpload(caller: Caller, trx: Writer, row: UploadRow): Promise<void> {
  refuseStranger(caller);
  await trx.insertInto('uploads').values(row).execute();
}
