/**
 * The time by which leases are held and expire. On Postgres it is the database's, because the clocks of its processes
 * differ; with SQLite there is one process, and its clock is `now`.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { isPostgres } from './lock.ts';
import type { Schema } from './schema.ts';

/** ms since 1970; not the time at which the transaction began, which may have waited for a lock. */
export const databaseNow = (db: Kysely<Schema>, now: number): RawBuilder<number> =>
  isPostgres(db)
    ? sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
    : sql<number>`cast(${now} as bigint)`;

export const databaseTimeIn = (db: Kysely<Schema>, now: number, ms: number): RawBuilder<number> =>
  sql<number>`${databaseNow(db, now)} + cast(${ms} as bigint)`;
