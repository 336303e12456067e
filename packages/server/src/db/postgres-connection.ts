/** Connections to Postgres as Kysely speaks to them: values as on SQLite, errors as Limner's own. */
import {
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  replaceWithNoncontingentExpression,
} from 'kysely';
import { type CustomTypesConfig, Pool, type PoolConfig, types } from 'pg';
import { type OnRead, timing } from './on-read.ts';
import { postgresError } from './postgres-error.ts';
import type { Schema } from './schema.ts';

const INT8 = 20;
const NUMERIC = 1700;

/** Ids, times and sums are numbers, as on SQLite; the driver would return text. */
const plainNumbers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC
      ? Number
      : types.getTypeParser(oid, format as 'text')) as CustomTypesConfig['getTypeParser'],
};

export function postgresPool(url: string, options: PoolConfig): Pool {
  const pool = new Pool({
    connectionString: url,
    types: plainNumbers,
    application_name: 'limner',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    ...options,
  });
  // A broken connection fails its query; without a listener it would also end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export function connectPostgres(pool: PostgresPool, onStatement?: OnRead): Kysely<Schema> {
  return new Kysely<Schema>({
    ...timing(onStatement),
    dialect: new PostgresDialect({ pool: translating(pool) }),
    // `in ()` matches nothing on SQLite and is a syntax error on Postgres.
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  });
}

function translating(pool: PostgresPool): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect().catch(rethrow);
      const query = (sql: string, parameters: readonly unknown[]) =>
        client.query(sql, parameters).catch(rethrow);
      return { query, release: () => client.release() } as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}

function rethrow(error: unknown): never {
  throw postgresError(error);
}
