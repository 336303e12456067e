/**
 * Stars beside the files: `stars/<task>.json` lists the starred outputs of a task. Rows are the truth; the notes are for a
 * database without these rows, for example an older backup, so that recovered pictures are starred again.
 *
 * An output is named with its size, because such a database gives ids again. Entries of outputs that the database does not
 * have are kept.
 */
import { type OutputName, outputId, StudioError } from '@limner/contract';
import { SYSTEM } from '../access.ts';
import type { Database } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { Logger } from '../log.ts';
import type { Blobs } from '../storage/blobs.ts';
import { starredTasks, starsOf } from './outputs-store.ts';

interface Noted {
  id: string;
  size_bytes: number;
}

const TASKS_AT_ONCE = 500;

export const starNoteKey = (task: number): string => `stars/${task}.json`;

export class StarNotes {
  readonly #db: Pick<Database, 'read'>;
  readonly #blobs: Blobs;
  readonly #log: Pick<Logger, 'warn'>;
  #writing: Promise<void> = Promise.resolve();

  constructor({ db, blobs, log }: { db: Pick<Database, 'read'>; blobs: Blobs; log: Pick<Logger, 'warn'> }) {
    this.#db = db;
    this.#blobs = blobs;
    this.#log = log;
  }

  /** After the stars of these tasks have changed. A note that cannot be written is logged: the star itself is in its row. */
  update(tasks: number[]): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      for (const task of tasks)
        await this.#write(task).catch((error) =>
          this.#log.warn({ err: error, task }, 'the note of its stars could not be written'),
        );
    });
    return this.#writing;
  }

  /** Of tasks that were starred by an earlier version, or whose note could not be written. */
  async addMissing(stopped: () => boolean): Promise<void> {
    for (let after = 0; !stopped(); ) {
      const tasks = await starredTasks(SYSTEM, this.#db.read, { after, limit: TASKS_AT_ONCE });
      for (const task of tasks) if (!(await this.#blobs.stat(starNoteKey(task)))) await this.update([task]);
      if (tasks.length < TASKS_AT_ONCE) return;
      after = tasks.at(-1) ?? after;
    }
  }

  /** Whether a file of this name and size was starred. */
  async has(name: OutputName, sizeBytes: number): Promise<boolean> {
    const output = { id: outputId(name), size_bytes: sizeBytes };
    return (await this.#read(name.task)).some((noted) => isSame(noted, output));
  }

  async #write(task: number): Promise<void> {
    const rows = await starsOf(SYSTEM, this.#db.read, task);
    const outputs = rows.map((row) => ({
      id: outputId(row),
      size_bytes: row.size_bytes,
      starred: row.starred,
    }));
    const others = (await this.#read(task)).filter(
      (noted) => !outputs.some((output) => isSame(noted, output)),
    );
    const starred = outputs.filter((output) => output.starred === 1);
    const notes = [...others, ...starred].map(({ id, size_bytes }) => ({ id, size_bytes }));
    if (notes.length === 0) await this.#blobs.delete(starNoteKey(task));
    else await this.#blobs.put(starNoteKey(task), Buffer.from(JSON.stringify(notes)));
  }

  async #read(task: number): Promise<Noted[]> {
    const text = await this.#blobs.read(starNoteKey(task)).catch((error: unknown) => {
      if (error instanceof StudioError && error.code === 'file_not_found') return null;
      throw error;
    });
    const notes = text && parsed<Noted[]>(text.toString());
    return Array.isArray(notes) ? notes : [];
  }
}

const isSame = (a: Noted, b: Noted): boolean => a.id === b.id && a.size_bytes === b.size_bytes;
