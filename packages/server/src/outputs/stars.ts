/** Stars: a person's mark on a picture, which keeps its task from every clean-up. */
import { type StarRequest, StudioError } from '@limner/contract';
import type { Database, Writer } from '../db/database.ts';
import type { Live } from '../tasks/run/live.ts';
import { touch } from '../tasks/store/task-rows.ts';
import { outputName } from './chosen.ts';

/** Tasks changed in one transaction. */
const AT_ONCE = 50;

/** By task: the pictures meant, or null for all of it. */
type Meant = Map<number, number[] | null>;

export class Stars {
  readonly #db: Database;
  readonly #live: Pick<Live, 'changed' | 'floor'>;

  constructor(db: Database, live: Pick<Live, 'changed' | 'floor'>) {
    this.#db = db;
    this.#live = live;
  }

  /**
   * Returns how many pictures changed. Tasks that are gone, or have no picture yet, are passed over.
   * @throws StudioError `image_not_found` for a picture that was named itself and is not here; nothing changes then.
   */
  async set({ outputs, tasks, starred }: StarRequest): Promise<number> {
    await this.#refuseUnknown(outputs);
    const meant = [...meantBy(outputs, tasks)];
    let changed = 0;
    for (let start = 0; start < meant.length; start += AT_ONCE)
      changed += await this.#setSome(meant.slice(start, start + AT_ONCE), starred);
    return changed;
  }

  async #setSome(meant: [number, number[] | null][], starred: boolean): Promise<number> {
    const counts = await this.#db.write(async (trx) => {
      const changed = new Map<number, number>();
      for (const [task, indices] of meant) {
        const count = await mark(trx, task, indices, starred);
        if (count === 0) continue;
        await tellTask(trx, task);
        await touch(trx, task, this.#live.floor(task));
        changed.set(task, count);
      }
      return changed;
    });
    for (const task of counts.keys()) await this.#live.changed(task);
    return [...counts.values()].reduce((sum, count) => sum + count, 0);
  }

  async #refuseUnknown(outputs: string[]): Promise<void> {
    for (const [position, ref] of outputs.entries()) {
      const { task, index } = outputName(ref);
      const found = await this.#db.read
        .selectFrom('frames')
        .select('frame_index')
        .where('task_id', '=', task)
        .where('frame_index', '=', index)
        .where('status', '=', 'completed')
        .executeTakeFirst();
      if (!found) throw new StudioError('image_not_found', { data: { ref }, field: `outputs.${position}` });
    }
  }
}

function meantBy(outputs: string[], tasks: number[]): Meant {
  const meant: Meant = new Map();
  for (const ref of outputs) {
    const { task, index } = outputName(ref);
    meant.set(task, [...(meant.get(task) ?? []), index]);
  }
  for (const task of tasks) meant.set(task, null);
  return meant;
}

async function mark(trx: Writer, task: number, indices: number[] | null, starred: boolean): Promise<number> {
  let frames = trx
    .updateTable('frames')
    .set({ starred: starred ? 1 : 0 })
    .where('task_id', '=', task)
    .where('status', '=', 'completed')
    .where('starred', '=', starred ? 0 : 1);
  if (indices) frames = frames.where('frame_index', 'in', indices);
  const { numUpdatedRows } = await frames.executeTakeFirst();
  return Number(numUpdatedRows);
}

/** The task tells again how many of its pictures are starred. */
async function tellTask(trx: Writer, task: number): Promise<void> {
  await trx
    .updateTable('tasks')
    .set({
      stars: (eb) =>
        eb
          .selectFrom('frames')
          .select((of) => of.fn.countAll<number>().as('n'))
          .where('task_id', '=', task)
          .where('starred', '=', 1),
    })
    .where('id', '=', task)
    .execute();
}
