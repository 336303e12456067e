/** Stars of pictures. A star protects the picture's task from clean-up. */
import { type Caller, type OutputName, type StarRequest, StudioError } from '@limner/contract';
import { chunksOf } from '../chunks-of.ts';
import type { Database } from '../db/database.ts';
import type { TaskNews } from '../tasks/news.ts';
import { lockTask } from '../tasks/store/task-locks.ts';
import { raiseVersion, recountStars } from '../tasks/store/task-rows.ts';
import { outputNamed } from './output-name.ts';
import { findOutput, markStars } from './outputs-store.ts';
import type { StarNotes } from './star-notes.ts';

/** Tasks changed in one transaction. */
const AT_ONCE = 50;

/** By task: the named outputs, or null for all. */
type Named = Map<number, OutputName[] | null>;

export class Stars {
  readonly #db: Database;
  readonly #news: Pick<TaskNews, 'changed'>;
  readonly #notes: Pick<StarNotes, 'update'>;

  constructor(db: Database, news: Pick<TaskNews, 'changed'>, notes: Pick<StarNotes, 'update'>) {
    this.#db = db;
    this.#news = news;
    this.#notes = notes;
  }

  /**
   * Returns how many pictures changed. Tasks that do not exist, or have no picture yet, are skipped.
   * @throws StudioError `image_not_found` for a picture that was named itself and does not exist; then nothing changes.
   */
  async set(caller: Caller, { outputs, tasks, starred }: StarRequest): Promise<number> {
    await this.#refuseUnknown(caller, outputs);
    const named = [...namedBy(outputs, tasks)].sort(([a], [b]) => a - b);
    let changed = 0;
    for (const some of chunksOf(named, AT_ONCE)) changed += await this.#setSome(caller, some, starred);
    return changed;
  }

  async #setSome(caller: Caller, named: [number, OutputName[] | null][], starred: boolean): Promise<number> {
    const counts = await this.#db.write(async (trx) => {
      const changed = new Map<number, number>();
      for (const [task, outputs] of named) {
        await lockTask(trx, task);
        const count = await markStars(caller, trx, { task, outputs, starred });
        if (count === 0) continue;
        await recountStars(trx, task);
        await raiseVersion(trx, task);
        changed.set(task, count);
      }
      return changed;
    });
    for (const task of counts.keys()) await this.#news.changed(task);
    await this.#notes.update([...counts.keys()]);
    return [...counts.values()].reduce((sum, count) => sum + count, 0);
  }

  async #refuseUnknown(caller: Caller, outputs: string[]): Promise<void> {
    for (const [position, ref] of outputs.entries()) {
      const found = await findOutput(caller, this.#db.read, outputNamed(ref));
      if (!found) throw new StudioError('image_not_found', { data: { ref }, field: `outputs.${position}` });
    }
  }
}

function namedBy(outputs: string[], tasks: number[]): Named {
  const named: Named = new Map();
  for (const ref of new Set(outputs)) {
    const output = outputNamed(ref);
    named.set(output.task, [...(named.get(output.task) ?? []), output]);
  }
  for (const task of tasks) named.set(task, null);
  return named;
}
