/**
 * Moves files to the keys that rows name, then writes the rows. If the rows cannot be written, the files are set aside as
 * before. If another process has taken the lease meanwhile, nothing more is moved: that process has the files.
 */
import type { Database, Writer } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Blobs } from '../storage/blobs.ts';
import { today } from '../storage/set-aside.ts';
import { type AsideFile, dayOf } from './aside-file.ts';
import type { RepairRun } from './repair-run.ts';
import { LeaseLost, type RepairLease } from './store/repair-lease.ts';

export interface Move {
  file: AsideFile;
  /** A key that is free in the database. */
  target: string;
}

export interface FileMovesOptions {
  db: Database;
  blobs: Blobs;
  log: Pick<Logger, 'warn'>;
  /** null in a dry run. */
  lease: RepairLease | null;
}

export class FileMoves {
  readonly #options: FileMovesOptions;

  constructor(options: FileMovesOptions) {
    this.#options = options;
  }

  /** One transaction, under the lease. */
  write<T>(work: (trx: Writer) => Promise<T>): Promise<T> {
    const { db, lease } = this.#options;
    return db.write(async (trx) => {
      await lease?.hold(trx);
      return work(trx);
    });
  }

  /**
   * False: the files are set aside as before, and are named as such. A dry run neither moves nor writes.
   * @throws LeaseLost
   */
  async moveAndWrite(run: RepairRun, moves: Move[], write: (trx: Writer) => Promise<void>): Promise<boolean> {
    const done: Move[] = [];
    try {
      if (!run.isDry) {
        for (const move of moves) {
          await this.#move(move);
          done.push(move);
        }
        await this.write(write);
      }
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      await this.#putBack(run, error, moves, done);
      return false;
    }
    run.result.size_bytes += moves.reduce((bytes, { file }) => bytes + file.sizeBytes, 0);
    return true;
  }

  async #putBack(run: RepairRun, error: unknown, moves: Move[], done: Move[]): Promise<void> {
    const { blobs, log } = this.#options;
    log.warn({ err: error, files: moves.map(({ file }) => file.key) }, 'files could not be recovered');
    for (const { file, target } of done) await blobs.setAside(target, dayOf(file) ?? today());
    for (const { file } of moves) run.leave(file, 'failed');
  }

  async #move({ file, target }: Move): Promise<void> {
    const { blobs, lease } = this.#options;
    lease?.check();
    // What lies there has no row either.
    if (file.key !== target) await blobs.setAside(target, today());
    if (!(await blobs.move(file.key, target))) throw new Error(`${file.key} was moved meanwhile`);
  }
}
