/** How far the repair is, as JSON, for other processes and after a restart. */
import type { Database, Writer } from '../../db/database.ts';
import { readFact } from '../../db/facts.ts';

const KEY = 'repair_state';

export const readState = (db: Database): Promise<string | null> => readFact(db, KEY);

export async function writeState(trx: Writer, value: string): Promise<void> {
  await trx
    .insertInto('facts')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
