/**
 * What engines still run for unfinished frames that no worker holds: their task was put back when its worker stopped or
 * died. Its next worker would resume them; if the task is cancelled or deleted before, nobody would.
 */
import { databaseNow } from '../../db/clock.ts';
import type { Reader } from '../../db/database.ts';
import { UNFINISHED } from './task-rows.ts';

export interface LeftRunning {
  lane: string;
  ticket: string;
}

/** `index`: of this frame alone. */
export async function leftRunning(
  db: Reader,
  tasks: readonly number[],
  index?: number,
): Promise<LeftRunning[]> {
  let query = db
    .selectFrom('frames')
    .innerJoin('tasks', 'tasks.id', 'frames.task_id')
    .select(['tasks.lane', 'frames.ticket'])
    .where('task_id', 'in', tasks)
    .where('frames.status', 'in', UNFINISHED)
    .where('frames.ticket', 'is not', null)
    .where((is) =>
      is.or([is('tasks.lease', 'is', null), is('tasks.lease_until', '<', databaseNow(db, Date.now()))]),
    );
  if (index !== undefined) query = query.where('frame_index', '=', index);
  const rows = await query.execute();
  return rows.flatMap(({ lane, ticket }) => (ticket === null ? [] : [{ lane, ticket }]));
}
