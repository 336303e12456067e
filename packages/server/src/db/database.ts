/**
 * The database port: readers read, and every write goes through `write`, a transaction that is durable when it
 * resolves, unless the caller waives that. Readers may see its rows once it is committed, shortly before that.
 */
import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

export type Reader = Kysely<Schema>;
export type Writer = Transaction<Schema>;

export interface WriteOptions {
  /**
   * False: resolves at the commit, without waiting for the disk. A crash of the process keeps it, a power cut may lose
   * it, and nothing written later survives without it. For work that can be repeated. Default true.
   */
  durable?: boolean;
  /** The write deletes, so on a full disk it may use the reserved space. Default false. */
  frees?: boolean;
}

interface FileSum {
  files: number;
  size_bytes: number;
}

export interface DatabaseSize {
  database: FileSum;
  /** Copies from before updates. */
  backups: FileSum;
}

export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  readonly read: Reader;
  /**
   * Runs `work` in a transaction; what it throws rolls back its own changes only, and is thrown on. `work` may be run again
   * from its start, so it changes nothing outside the transaction. A write inside a write throws.
   */
  write<T>(work: (trx: Writer) => Promise<T>, options?: WriteOptions): Promise<T>;
  /** What it takes of the disk. */
  size(): Promise<DatabaseSize>;
  close(): Promise<void>;
}
