/** What one repair has done so far. */
import { type Caller, MAX_NAMED_LEFT, type RepairReason, type RepairResult } from '@limner/contract';
import type { Logger } from '../log.ts';
import type { Blobs } from '../storage/blobs.ts';
import { today } from '../storage/set-aside.ts';
import { type AsideFile, dayOf } from './aside-file.ts';
import type { RestoredTask } from './restored-task.ts';

export interface Move {
  file: AsideFile;
  /** A key that is free in the database. */
  target: string;
}

export class RepairRun {
  readonly caller: Caller;
  readonly result: RepairResult;
  readonly #blobs: Blobs;
  readonly #log: Pick<Logger, 'warn'>;

  constructor(caller: Caller, isDry: boolean, { blobs, log }: { blobs: Blobs; log: Pick<Logger, 'warn'> }) {
    this.caller = caller;
    this.#blobs = blobs;
    this.#log = log;
    this.result = {
      dry_run: isDry,
      task_ids: [],
      tasks: 0,
      outputs: 0,
      without_recipe: 0,
      uploads: 0,
      styles: 0,
      size_bytes: 0,
      left_files: 0,
      left: [],
    };
  }

  get isDry(): boolean {
    return this.result.dry_run;
  }

  leave({ key: file }: AsideFile, reason: RepairReason): void {
    const { result } = this;
    result.left_files += 1;
    if (result.left.length < MAX_NAMED_LEFT) result.left.push({ file, reason });
  }

  countTask({ outputs, recipe }: RestoredTask): void {
    this.result.tasks += 1;
    this.result.outputs += outputs.length;
    if (!recipe) this.result.without_recipe += 1;
  }

  /**
   * Moves files to the keys that the rows name, then writes the rows. False: the files are set aside as before, and are
   * named as such. A dry run does neither.
   */
  async moveAndWrite(moves: Move[], write: () => Promise<void>): Promise<boolean> {
    const done: Move[] = [];
    try {
      if (!this.isDry) {
        for (const move of moves) {
          await this.#move(move);
          done.push(move);
        }
        await write();
      }
    } catch (error) {
      this.#log.warn(
        { err: error, files: moves.map(({ file }) => file.key) },
        'files could not be recovered',
      );
      for (const { file, target } of done) await this.#blobs.setAside(target, dayOf(file) ?? today());
      for (const { file } of moves) this.leave(file, 'failed');
      return false;
    }
    this.result.size_bytes += moves.reduce((bytes, { file }) => bytes + file.sizeBytes, 0);
    return true;
  }

  async #move({ file, target }: Move): Promise<void> {
    // What lies there has no row either.
    await this.#blobs.setAside(target, today());
    if (!(await this.#blobs.move(file.key, target))) throw new Error(`${file.key} was moved meanwhile`);
  }
}
