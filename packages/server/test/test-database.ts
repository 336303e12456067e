/** A database without rows for a test: SQLite in a folder of its own, or one database of the run's Postgres. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';
import type { Database } from '../src/db/database.ts';
import { type DatabaseAddress, openDatabase } from '../src/db/open.ts';
import { PostgresDatabase } from '../src/db/postgres-database.ts';
import { pglitePool } from './pglite-pool.ts';
import { databaseName, testPostgres } from './postgres-server.ts';

type Dialect = Database['dialect'];

export interface TestDatabase {
  /** null for a PGlite, which has none. */
  address: DatabaseAddress | null;
  /** Whenever it is called, the same database; it comes up to date when it is opened first. */
  open(): Promise<Database>;
  /** Once all that was opened is closed. */
  remove(): Promise<void>;
}

/** The dialects with what stands behind each here, for `describe.each`. */
export async function testDialects(): Promise<[string, Dialect][]> {
  const { version } = await testPostgres();
  return [
    ['SQLite', 'sqlite'],
    [version ?? 'PGlite', 'postgres'],
  ];
}

export async function testDatabase(dialect: Dialect): Promise<TestDatabase> {
  if (dialect === 'sqlite') return sqlite();
  const server = await testPostgres();
  if (server.version === null) return pglite();
  upToDate ??= postgres(server.url, 'template0').then(async ({ address, open }) => {
    await (await open()).close();
    return address?.dialect === 'postgres' ? new URL(address.url).pathname.slice(1) : '';
  });
  return postgres(server.url, await upToDate);
}

/** On Postgres: without any table, as a user makes one. Null where there is no Postgres. */
export async function emptyDatabase(): Promise<TestDatabase | null> {
  const { version, url } = await testPostgres();
  return version === null ? null : postgres(url, 'template0');
}

/** The database of this process that all others are copies of, so that the tables are made once. */
let upToDate: Promise<string> | null = null;

async function sqlite(): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limner-db-'));
  const address = { dialect: 'sqlite', file: path.join(folder, 'limner.db') } as const;
  return {
    address,
    open: () => openDatabase(address),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

type Url = (database: string) => string;

async function postgres(url: Url, template: string): Promise<TestDatabase> {
  const name = databaseName();
  const ask = async (sql: string) => {
    const client = new Client(url('postgres'));
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await ask(`create database ${name} template ${template}`);
  const address = { dialect: 'postgres', url: url(name) } as const;
  return {
    address,
    open: () => openDatabase(address),
    remove: () => ask(`drop database ${name} with (force)`),
  };
}

let lite: Promise<PGlite> | null = null;

/** Starting one takes seconds: a test file has one, which is emptied for each test. */
async function pglite(): Promise<TestDatabase> {
  const { PGlite, types } = await import('@electric-sql/pglite');
  lite ??= PGlite.create({ parsers: { [types.INT8]: Number, [types.NUMERIC]: Number } });
  const pool = pglitePool(await lite);
  await (await lite).exec('drop schema public cascade; create schema public');
  return {
    address: null,
    open: () => PostgresDatabase.over({ reader: pool, writer: pool }, pool),
    remove: async () => undefined,
  };
}
