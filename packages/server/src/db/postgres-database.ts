/**
 * Postgres. Transactions run side by side, so a transaction that reads before it writes locks its rows first
 * (db/lock.ts). After a deadlock or conflict it is run again. Reads have their own connections, so a write that waits
 * for a reader cannot take that reader's connection.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Kysely, type PostgresPool, sql } from 'kysely';
import type { Database, DatabaseSize, Reader, WriteOptions, Writer } from './database.ts';
import { migrate } from './migrate.ts';
import { refuseNestedWrite, runWrite } from './nested-write.ts';
import type { OnRead } from './on-read.ts';
import { connectPostgres, postgresPool } from './postgres-connection.ts';
import { isTransient } from './postgres-error.ts';
import { postgresProblem, wrongEncoding } from './postgres-problem.ts';
import type { Schema } from './schema.ts';

/** Of each of the two pools. */
const CONNECTIONS = 8;
/** A longer statement or idle transaction is a fault. */
const TIMEOUTS = { statement_timeout: 60_000, idle_in_transaction_session_timeout: 60_000 };
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 5;

export interface PostgresPools {
  reader: PostgresPool;
  writer: PostgresPool;
}

export class PostgresDatabase implements Database {
  readonly dialect = 'postgres';
  readonly read: Reader;
  readonly #writer: Kysely<Schema>;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  private constructor({ reader, writer }: PostgresPools, onRead?: OnRead) {
    this.read = connectPostgres(reader, onRead);
    this.#writer = connectPostgres(writer);
  }

  /** Connects and brings the tables up to date. @throws StartProblem */
  static async open(
    url: string,
    onMigrated = (_steps: string[]) => {},
    onRead?: OnRead,
  ): Promise<PostgresDatabase> {
    try {
      // Without time-outs, because a migration may take long.
      onMigrated(await migratePostgres(postgresPool(url, { max: 2 })));
      const pool = () => postgresPool(url, { max: CONNECTIONS, ...TIMEOUTS });
      return new PostgresDatabase({ reader: pool(), writer: pool() }, onRead);
    } catch (error) {
      throw postgresProblem(error, url);
    }
  }

  /** With given connections; `migrator` is closed afterwards. */
  static async over(pools: PostgresPools, migrator: PostgresPool): Promise<PostgresDatabase> {
    await migratePostgres(migrator);
    return new PostgresDatabase(pools);
  }

  async write<T>(work: (trx: Writer) => Promise<T>, { durable = true }: WriteOptions = {}): Promise<T> {
    refuseNestedWrite();
    if (this.#closed) throw new Error('the database is closed');
    const writing = this.#untilItHolds(work, durable);
    this.#underWay.add(writing);
    return writing.finally(() => this.#underWay.delete(writing));
  }

  async #untilItHolds<T>(work: (trx: Writer) => Promise<T>, durable: boolean): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#transaction(work, durable);
      } catch (error) {
        if (!isTransient(error) || attempt === ATTEMPTS) throw error;
        await pause(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
      }
    }
  }

  #transaction<T>(work: (trx: Writer) => Promise<T>, durable: boolean): Promise<T> {
    return this.#writer.transaction().execute(async (trx) => {
      if (!durable) await sql`set local synchronous_commit = off`.execute(trx);
      return runWrite(() => work(trx));
    });
  }

  async size(): Promise<DatabaseSize> {
    const { rows } = await sql<{ size_bytes: number }>`
      select pg_database_size(current_database()) as size_bytes`.execute(this.read);
    return {
      database: { files: 1, size_bytes: rows[0]?.size_bytes ?? 0 },
      backups: { files: 0, size_bytes: 0 },
    };
  }

  /** Waits for running writes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
    await this.#writer.destroy();
    await this.read.destroy();
  }
}

/**
 * Kysely holds an advisory lock: of processes that start together one migrates, and the others wait. @returns the names of
 * the steps that ran. The pool is closed.
 */
async function migratePostgres(pool: PostgresPool): Promise<string[]> {
  const db = connectPostgres(pool);
  try {
    const { rows } = await sql<{ encoding: string }>`
      select current_setting('server_encoding') as encoding`.execute(db);
    const encoding = rows[0]?.encoding ?? '';
    if (encoding !== 'UTF8') throw wrongEncoding(encoding);
    return await migrate(db, 'postgres');
  } finally {
    await db.destroy();
  }
}
