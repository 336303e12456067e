/**
 * Locks for rows that are read before they are written. On Postgres transactions run side by side; without a lock two
 * of them could read the same rows and each write a result that ignores the other. SQLite has one writer at a time, so
 * there is nothing to lock.
 *
 * Order of locks: the task before its frames and other rows; of several tasks the smaller id first; a
 * webhook before its deliveries.
 */
import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Writer } from './database.ts';
import type { Schema } from './schema.ts';

export const isPostgres = (db: Kysely<Schema>): boolean =>
  db.getExecutor().adapter instanceof PostgresAdapter;

/** Until the transaction ends, others that lock this name wait. For names that have no row yet. */
export async function lockName(trx: Writer, name: string): Promise<void> {
  if (isPostgres(trx)) await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
}
