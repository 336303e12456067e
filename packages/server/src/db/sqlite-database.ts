/**
 * SQLite in WAL mode. One connection reads, one writes. An acknowledged write survives a power cut: a write resolves
 * only after the write-ahead log was flushed. With `synchronous = full` SQLite would flush inside the commit and block
 * the process. With `normal` we flush in another thread (SQLite still flushes around checkpoints), and writes that
 * arrive meanwhile share the next transaction and flush.
 */
import { existsSync } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Kysely } from 'kysely';
import { toStudioError } from '../error.ts';
import { Flusher } from '../flusher.ts';
import type { Database, DatabaseSize, Reader, WriteOptions, Writer } from './database.ts';
import { DiskReserve } from './disk-reserve.ts';
import { migrate } from './migrate.ts';
import { refuseNestedWrite, runWrite } from './nested-write.ts';
import type { OnRead } from './on-read.ts';
import type { Schema } from './schema.ts';
import { connectSqlite } from './sqlite-connection.ts';
import { copyBefore, isCopyOf } from './sqlite-copies.ts';
import { sqliteProblem } from './sqlite-problem.ts';
import { UniqueViolation } from './unique-violation.ts';

interface Job {
  durable: boolean;
  work: (trx: Writer) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

type Outcome = { job: Job; value: unknown } | { job: Job; error: unknown };

const MAX_JOBS_PER_COMMIT = 200;

export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite';
  readonly read: Reader;
  readonly #writer: Kysely<Schema>;
  /** The writer's connection itself, for transaction control. */
  readonly #control: DatabaseSyncInstance;
  readonly #queue: Job[] = [];
  #logFile: FileHandle | null = null;
  readonly #log = new Flusher(async () => this.#logFile?.datasync());
  #draining: Promise<void> | null = null;
  #closed = false;

  readonly #file: string;
  readonly #reserve: DiskReserve;

  private constructor(file: string, onRead?: OnRead) {
    this.#file = file;
    this.#reserve = new DiskReserve(`${file}-reserve`);
    ({ kysely: this.#writer, control: this.#control } = connectSqlite(file));
    this.read = connectSqlite(file, { onStatement: onRead }).kysely;
  }

  /** Opens or creates the file and migrates its tables. Before a migration it copies an existing file. */
  static async open(
    file: string,
    onMigrated = (_steps: string[]) => {},
    onRead?: OnRead,
  ): Promise<SqliteDatabase> {
    try {
      return await SqliteDatabase.#open(file, onMigrated, onRead);
    } catch (error) {
      throw sqliteProblem(error, file);
    }
  }

  static async #open(
    file: string,
    onMigrated: (steps: string[]) => void,
    onRead?: OnRead,
  ): Promise<SqliteDatabase> {
    const existed = existsSync(file);
    const database = new SqliteDatabase(file, onRead);
    try {
      const steps = await migrate(database.#writer, 'sqlite', async (step) => {
        if (existed) await copyBefore(database.#writer, file, step);
      });
      onMigrated(steps);
      await database.#openLog(file);
      await database.#reserve.fill();
    } catch (error) {
      await database.close().catch(() => undefined);
      throw error;
    }
    return database;
  }

  async write<T>(work: (trx: Writer) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    refuseNestedWrite();
    if (!options.frees) return this.#enqueue(work, options);
    const value = await this.#enqueue(work, options).catch(async (error) => {
      const mayHelp = toStudioError(error).code === 'disk_full' && (await this.#reserve.release());
      if (!mayHelp) throw error;
      return this.#enqueue(work, options);
    });
    if (!this.#closed) await this.#reserve.fill();
    return value;
  }

  #enqueue<T>(work: (trx: Writer) => Promise<T>, { durable = true }: WriteOptions): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the database is closed'));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ durable, work, resolve: resolve as Job['resolve'], reject });
      this.#draining ??= this.#drain();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#draining;
    await this.#log.flush();
    await this.#logFile?.close();
    await this.#reserve.release();
    await this.read.destroy();
    // Moves the log into the database file, because with prepared statements SQLite does not do so at the last close. On a
    // full disk the log stays, and the next start reads it.
    try {
      this.#control.exec('pragma wal_checkpoint(truncate)');
    } catch (error) {
      if (toStudioError(error).code !== 'disk_full') throw error;
    }
    await this.#writer.destroy();
  }

  async size(): Promise<DatabaseSize> {
    const { dir, base } = path.parse(this.#file);
    return {
      database: await sizeOf(dir, (entry) => entry === base || entry.startsWith(`${base}-`)),
      backups: await sizeOf(dir, (entry) => isCopyOf(this.#file, entry)),
    };
  }

  /** The log exists beside the database while a connection is open. */
  async #openLog(file: string): Promise<void> {
    this.#control.exec('pragma user_version = 1');
    this.#logFile = await open(`${file}-wal`, 'r+');
    await this.#logFile.datasync();
  }

  async #drain(): Promise<void> {
    // One turn of the event loop collects the writes of all requests that arrived together.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) {
      // A running flush does not cover a new commit, so writes gather for one commit until it ends.
      await this.#log.idle();
      await this.#commit(this.#queue.splice(0, MAX_JOBS_PER_COMMIT));
    }
    this.#draining = null;
  }

  /** Every job in its own savepoint, one commit for all. */
  async #commit(jobs: Job[]): Promise<void> {
    const outcomes: Outcome[] = [];
    try {
      this.#control.exec('begin immediate');
      for (const job of jobs)
        outcomes.push(await (jobs.length === 1 ? this.#alone(job) : this.#attempt(job)));
      this.#control.exec('commit');
    } catch (error) {
      this.#rollBack();
      for (const job of jobs) job.reject(sqliteError(error));
      return;
    }
    settle(outcomes.filter(({ job }) => !job.durable));
    void this.#settleWhenDurable(outcomes.filter(({ job }) => job.durable));
  }

  async #settleWhenDurable(outcomes: Outcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    try {
      await this.#log.flush();
      settle(outcomes);
    } catch (error) {
      for (const { job } of outcomes) job.reject(error);
    }
  }

  /** A single job needs no savepoint. */
  async #alone(job: Job): Promise<Outcome> {
    return { job, value: await this.#work(job) };
  }

  async #attempt(job: Job): Promise<Outcome> {
    this.#control.exec('savepoint job');
    try {
      const value = await this.#work(job);
      this.#control.exec('release job');
      return { job, value };
    } catch (error) {
      this.#control.exec('rollback to job; release job');
      return { job, error };
    }
  }

  #work({ work }: Job): Promise<unknown> {
    return runWrite(() => work(this.#writer as unknown as Writer));
  }

  #rollBack(): void {
    try {
      this.#control.exec('rollback');
    } catch {
      // A full disk may have rolled everything back already.
    }
  }
}

function settle(outcomes: Outcome[]): void {
  for (const outcome of outcomes) {
    if ('error' in outcome) outcome.job.reject(sqliteError(outcome.error));
    else outcome.job.resolve(outcome.value);
  }
}

const sqliteError = (error: unknown): unknown =>
  error instanceof Error && error.message.includes('UNIQUE constraint failed')
    ? new UniqueViolation(error)
    : error;

async function sizeOf(folder: string, matches: (name: string) => boolean): Promise<DatabaseSize['database']> {
  const sum = { files: 0, size_bytes: 0 };
  for (const name of (await readdir(folder)).filter(matches)) {
    const file = await stat(path.join(folder, name)).catch(() => null);
    if (!file?.isFile()) continue;
    sum.files += 1;
    sum.size_bytes += file.size;
  }
  return sum;
}
