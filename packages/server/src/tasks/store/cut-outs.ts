import type { Caller, TaskStatus } from '@limner/contract';
import type { Reader, Writer } from '../../db/database.ts';
import { lockName } from '../../db/lock.ts';
import { visibleTo } from '../../db/visible-to.ts';

/** A cut-out that ended like this left no picture: whoever asks next gets a new one. */
const WITHOUT_PICTURE: TaskStatus[] = ['failed', 'cancelled'];

/** The newest cut-out of each picture of a task that has a picture or may still make it. */
export async function cutOutsAmong(caller: Caller, db: Reader, source: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('task_inputs')
    .innerJoin('tasks', 'tasks.id', 'task_inputs.task_id')
    .select(['task_inputs.image', 'tasks.id'])
    .where('task_inputs.source_task_id', '=', source)
    .where('tasks.kind', '=', 'remove_bg')
    .where('tasks.status', 'not in', WITHOUT_PICTURE)
    .where(visibleTo(caller))
    .orderBy('tasks.id')
    .execute();
  return new Map(rows.map(({ image, id }) => [image, Number(id)]));
}

/** The first other such cut-out of a picture; null: there is none, and no other transaction makes one before this one ends. */
export async function holdCutOut(
  caller: Caller,
  trx: Writer,
  picture: string,
  own: number,
): Promise<number | null> {
  await lockName(trx, `cut-out ${picture}`);
  const row = await trx
    .selectFrom('task_inputs')
    .innerJoin('tasks', 'tasks.id', 'task_inputs.task_id')
    .select('tasks.id')
    .where('task_inputs.image', '=', picture)
    .where('tasks.kind', '=', 'remove_bg')
    .where('tasks.id', '!=', own)
    .where('tasks.status', 'not in', WITHOUT_PICTURE)
    .where(visibleTo(caller))
    .orderBy('tasks.id')
    .executeTakeFirst();
  return row ? Number(row.id) : null;
}
