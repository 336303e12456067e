/** One connection to an SQLite file as Kysely speaks it: settings, statements that are prepared once, values checked. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Kysely, SqliteAdapter, SqliteDialect } from 'kysely';
import { plainWords } from '../search/search-words.ts';
import { type OnRead, timing } from './on-read.ts';
import type { Schema } from './schema.ts';

/** Kysely runs SQLite migrations outside a transaction unless its adapter says that DDL can be rolled back. It can. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class TransactionalSqliteDialect extends SqliteDialect {
  override createAdapter(): TransactionalSqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

/** `control`: the raw connection, for transactions. */
export function connectSqlite(
  file: string,
  { readOnly = false, onStatement }: { readOnly?: boolean; onStatement?: OnRead | undefined } = {},
): { control: DatabaseSyncInstance; kysely: Kysely<Schema> } {
  const connection = new DatabaseSync(file, { timeout: 10_000, readOnly });
  if (!readOnly)
    connection.exec(`
      pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on;
      pragma temp_store = memory; pragma cache_size = -16000; pragma journal_size_limit = 67108864;`);
  // For conditions on whole words, because SQLite itself ignores the case of ASCII letters alone.
  connection.function('plain_words', { deterministic: true }, (text: string) => plainWords(text).join(' '));
  const dialect = new TransactionalSqliteDialect({ database: kyselyShim(connection) });
  return { control: connection, kysely: new Kysely<Schema>({ dialect, ...timing(onStatement) }) };
}

type Statement = ReturnType<DatabaseSyncInstance['prepare']>;
const MAX_CACHED_STATEMENTS = 200;

/** The few calls Kysely's SQLite dialect makes, over the `node:sqlite` API. Statements are prepared once and kept. */
function kyselyShim(connection: DatabaseSyncInstance) {
  const statements = new Map<string, { statement: Statement; reader: boolean }>();
  const prepared = (text: string) => {
    const known = statements.get(text);
    if (known) return known;
    if (statements.size >= MAX_CACHED_STATEMENTS) statements.clear();
    const statement = connection.prepare(text);
    const entry = { statement, reader: statement.columns().length > 0 };
    statements.set(text, entry);
    return entry;
  };
  return {
    close: () => connection.close(),
    prepare(text: string) {
      const { statement, reader } = prepared(text);
      return {
        reader,
        all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
        run: (parameters: readonly unknown[]) => {
          const { changes, lastInsertRowid } = statement.run(...values(parameters));
          return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) };
        },
        iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
      };
    },
  };
}

/** Refuses values that SQLite would convert or not store. */
function values(parameters: readonly unknown[]) {
  for (const value of parameters) {
    const type = typeof value;
    const plain =
      value === null ||
      type === 'string' ||
      type === 'number' ||
      type === 'bigint' ||
      value instanceof Uint8Array;
    if (!plain) throw new TypeError(`a ${type} cannot be bound to a statement`);
  }
  return parameters as (null | string | number | bigint | Uint8Array)[];
}
