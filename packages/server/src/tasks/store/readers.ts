/**
 * Who reads the pictures of a task. One that has not ended was promised to be painted, and without its pictures it cannot
 * be; so they stay, and with them the task they belong to.
 */
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { Reader } from '../../db/database.ts';
import type { Schema } from '../../db/schema.ts';

type Picture = Expression<string>;

/** Frames, each with a task that has not ended and reads its picture. */
const readings = (db: Pick<Reader, 'selectFrom'>) =>
  db
    .selectFrom('frames')
    .innerJoin('task_inputs', (join) =>
      join.on('task_inputs.image', '=', sql`frames.task_id || '_' || frames.frame_index` as Picture),
    )
    .innerJoin('tasks as readers', 'readers.id', 'task_inputs.task_id')
    .where('readers.status', 'in', ['queued', 'running'])
    .whereRef('readers.id', '!=', 'frames.task_id');

/** The first that reads this picture. */
export async function readerOf(db: Reader, task: number, index: number): Promise<number | null> {
  const row = await readings(db)
    .select('readers.id')
    .where('frames.task_id', '=', task)
    .where('frames.frame_index', '=', index)
    .orderBy('readers.id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Those of these tasks whose pictures are read, each with the first that reads them and is not `going` as well. */
export async function readersOf(
  db: Reader,
  tasks: number[],
  going: ReadonlySet<number>,
): Promise<Map<number, number>> {
  if (tasks.length === 0) return new Map();
  const rows = await readings(db)
    .select(['frames.task_id', 'readers.id'])
    .where('frames.task_id', 'in', tasks)
    .orderBy('readers.id', 'desc')
    .execute();
  return new Map(rows.filter(({ id }) => !going.has(id)).map(({ task_id, id }) => [task_id, id]));
}

/** What of `tasks` has to stay when all of them are to go: what stays may read what was to go as well. */
export async function readOf(db: Reader, tasks: number[]): Promise<Map<number, number>> {
  const going = new Set(tasks);
  const stay = new Map<number, number>();
  for (;;) {
    const found = await readersOf(db, [...going], going);
    if (found.size === 0) return stay;
    for (const [task, reader] of found) {
      going.delete(task);
      stay.set(task, reader);
    }
  }
}

/** In a query over tasks: nobody reads the pictures of this one. */
export function isUnread(): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, never>();
  const reading = readings(eb).select('readers.id').where('frames.task_id', '=', sql.ref<number>('tasks.id'));
  return eb.not(eb.exists(reading));
}
