import type { Caller } from '@limner/contract';
import type { Reader } from '../../db/database.ts';
import { visibleTo } from '../../db/visible-to.ts';

/** The newest cut-out of each picture of a task. */
export async function cutOutsAmong(caller: Caller, db: Reader, source: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('task_inputs')
    .innerJoin('tasks', 'tasks.id', 'task_inputs.task_id')
    .select(['task_inputs.image', 'tasks.id'])
    .where('task_inputs.source_task_id', '=', source)
    .where('tasks.kind', '=', 'remove_bg')
    .where(visibleTo(caller))
    .orderBy('tasks.id')
    .execute();
  return new Map(rows.map(({ image, id }) => [image, Number(id)]));
}
