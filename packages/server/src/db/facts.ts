import type { Database } from './database.ts';

/** A fact that is made once and kept: what `make` gives the first time, the same ever after. */
export function keptFact(db: Database, key: string, make: () => string): Promise<string> {
  return db.write(async (trx) => {
    const known = await trx.selectFrom('facts').select('value').where('key', '=', key).executeTakeFirst();
    if (known) return known.value;
    const value = make();
    await trx.insertInto('facts').values({ key, value }).execute();
    return value;
  });
}
