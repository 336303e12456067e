/** The database port: readers read, and every write goes through `write`, a transaction that is durable when it resolves unless the caller waives it. */
import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

export type Reader = Kysely<Schema>;
export type Writer = Transaction<Schema>;

export interface WriteOptions {
  /**
   * False: resolves at the commit, without waiting for the disk. A crash of the process keeps it, a power cut may forget
   * it, and nothing written later is kept without it. For what would merely be done again. Default true.
   */
  durable?: boolean;
}

export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  readonly read: Reader;
  /** Runs `work` in a transaction; what it throws rolls back its own changes only, and is thrown on. */
  write<T>(work: (trx: Writer) => Promise<T>, options?: WriteOptions): Promise<T>;
  close(): Promise<void>;
}
