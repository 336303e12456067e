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

export async function readFact(db: Database, key: string): Promise<string | null> {
  const row = await db.read.selectFrom('facts').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}

export async function writeFact(db: Database, key: string, value: string): Promise<void> {
  await db.write((trx) =>
    trx
      .insertInto('facts')
      .values({ key, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute(),
  );
}
