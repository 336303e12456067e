/** The database port: readers read, and every write goes through `write`, a transaction that is durable when it resolves. */
import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

export type Reader = Kysely<Schema>;
export type Writer = Transaction<Schema>;

export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  readonly read: Reader;
  /** Runs `work` in a transaction; what it throws rolls back its own changes only, and is thrown on. */
  write<T>(work: (trx: Writer) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
