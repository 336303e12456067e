import { sql } from 'kysely';
import { databaseNow } from '../db/clock.ts';
import type { Reader, Writer } from '../db/database.ts';
import type { ProcessesTable } from '../db/schema.ts';

/** Rows of processes that were not seen for so long are removed. */
const FORGOTTEN_MS = 24 * 3_600_000;

export async function writeSign(
  trx: Writer,
  sign: Omit<ProcessesTable, 'seen_at'>,
  now: number,
): Promise<void> {
  const row = { ...sign, seen_at: databaseNow(trx, now) };
  await trx
    .insertInto('processes')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
  await trx
    .deleteFrom('processes')
    .where('seen_at', '<', sql<number>`${databaseNow(trx, now)} - cast(${FORGOTTEN_MS} as bigint)`)
    .execute();
}

export async function removeSign(trx: Writer, name: string): Promise<void> {
  await trx.deleteFrom('processes').where('name', '=', name).execute();
}

/** `ageMs`: since its last sign. */
export const processSigns = (db: Reader, now: number): Promise<(ProcessesTable & { ageMs: number })[]> =>
  db
    .selectFrom('processes')
    .selectAll()
    .select(sql<number>`${databaseNow(db, now)} - seen_at`.as('ageMs'))
    .orderBy('role')
    .orderBy('name')
    .execute();
