/** Rows of ComfyUI servers. They belong to the installation. */
import type { Selectable } from 'kysely';
import type { Reader, Writer } from '../db/database.ts';
import type { ServersTable } from '../db/schema.ts';

export type ServerRow = Selectable<ServersTable>;

export const serverRows = (db: Reader): Promise<ServerRow[]> =>
  db.selectFrom('servers').selectAll().execute();

/** False: a server with this id exists already. */
export async function insertServer(trx: Writer, row: ServerRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('servers')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return Boolean(numInsertedOrUpdatedRows);
}

/** Of an existing server only name and mode change. */
export async function upsertServer(trx: Writer, row: ServerRow): Promise<void> {
  const { name, mode } = row;
  await trx
    .insertInto('servers')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name, mode }))
    .execute();
}

export async function deleteServer(trx: Writer, id: string): Promise<void> {
  await trx.deleteFrom('servers').where('id', '=', id).execute();
}
