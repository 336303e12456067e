/** Reading many tasks: what changed, how many wait, how long a picture takes. Pages of the list are in task-pages.ts. */
import type { Caller, TaskStatus } from '@limner/contract';
import type { Reader } from '../../db/database.ts';
import type { TaskRow } from '../../db/schema.ts';
import { visibleTo } from '../../db/visible-to.ts';
import { type StoredFrame, withOutputs } from './task-rows.ts';

export async function framesOfAll(db: Reader, ids: number[]): Promise<Map<number, StoredFrame[]>> {
  if (ids.length === 0) return new Map();
  const frames = await db
    .selectFrom('frames')
    .selectAll()
    .where('task_id', 'in', ids)
    .orderBy('task_id')
    .orderBy('frame_index')
    .execute();
  const outputs = await db
    .selectFrom('outputs')
    .selectAll()
    .where('task_id', 'in', ids)
    .orderBy('task_id')
    .orderBy('frame_index')
    .orderBy('place')
    .execute();
  const outputsOf = byTask(outputs);
  return new Map(
    [...byTask(frames)].map(([id, rows]) => [id, withOutputs(rows, outputsOf.get(id) ?? [])] as const),
  );
}

function byTask<R extends { task_id: number }>(rows: R[]): Map<number, R[]> {
  const groups = new Map<number, R[]>();
  for (const row of rows) {
    const group = groups.get(row.task_id);
    if (group) group.push(row);
    else groups.set(row.task_id, [row]);
  }
  return groups;
}

const visibleTasks = (caller: Caller, db: Reader) =>
  db.selectFrom('tasks').selectAll().where(visibleTo(caller));

export const tasksById = async (caller: Caller, db: Reader, ids: number[]): Promise<TaskRow[]> =>
  ids.length === 0 ? [] : visibleTasks(caller, db).where('id', 'in', ids).execute();

/** The existing tasks among `ids`, in their order. */
export async function knownTasks(caller: Caller, db: Reader, ids: number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const tasks = db.selectFrom('tasks').select('id').where('id', 'in', ids).where(visibleTo(caller));
  const known = new Set((await tasks.execute()).map(({ id }) => id));
  return ids.filter((id) => known.has(id));
}

/** Tasks changed after a version, newest change last. */
export const changedTasks = (caller: Caller, db: Reader, since: number, limit: number): Promise<TaskRow[]> =>
  visibleTasks(caller, db).where('version', '>', since).orderBy('version').limit(limit).execute();

export const activeTasks = (caller: Caller, db: Reader, limit: number): Promise<TaskRow[]> =>
  visibleTasks(caller, db)
    .where('status', 'in', ['queued', 'running'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();

export async function countActive(caller: Caller, db: Reader): Promise<{ queued: number; running: number }> {
  const count = async (status: TaskStatus) => {
    const row = await db
      .selectFrom('tasks')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('status', '=', status)
      .where(visibleTo(caller))
      .executeTakeFirst();
    return Number(row?.n ?? 0);
  };
  return { queued: await count('queued'), running: await count('running') };
}
