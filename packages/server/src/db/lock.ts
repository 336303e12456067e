/**
 * Locks for what is read before it is written. On Postgres writers run side by side, and without a lock two of them read the
 * same rows and each writes what follows from them alone. SQLite has one writer at a time, so there is nothing to lock.
 *
 * Whoever writes a task or one of its frames locks the task first, then other rows; of several tasks the smaller id first.
 */
import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Writer } from './database.ts';
import type { Schema } from './schema.ts';

export const isPostgres = (db: Kysely<Schema>): boolean =>
  db.getExecutor().adapter instanceof PostgresAdapter;

/** Until the transaction ends, others that lock this name wait. For a name that has no row yet. */
export async function lockName(trx: Writer, name: string): Promise<void> {
  if (isPostgres(trx)) await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
}
