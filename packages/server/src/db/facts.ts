import type { Database, Writer } from './database.ts';

/** Returns a stored value; the first call stores the result of `make`. */
export async function keptFact(db: Database, key: string, make: () => string): Promise<string> {
  const known = await readFact(db, key);
  if (known !== null) return known;
  const fact = { key, value: make() };
  return db.write(async (trx) => {
    const kept = trx
      .insertInto('facts')
      .values(fact)
      .onConflict((conflict) => conflict.column('key').doNothing());
    await kept.execute();
    const row = await trx
      .selectFrom('facts')
      .select('value')
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    return row.value;
  });
}

export async function readFact(db: Database, key: string): Promise<string | null> {
  const row = await db.read.selectFrom('facts').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}

export async function putFact(trx: Writer, key: string, value: string): Promise<void> {
  await trx
    .insertInto('facts')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

export async function removeFact(trx: Writer, key: string): Promise<void> {
  await trx.deleteFrom('facts').where('key', '=', key).execute();
}
