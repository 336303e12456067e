/**
 * Finds unfinished tasks that read pictures of other tasks. They were accepted, so the pictures they need, and the
 * tasks of these pictures, cannot be deleted.
 */
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { Reader, Writer } from '../../db/database.ts';
import type { Schema } from '../../db/schema.ts';

/** Inputs that are pictures of another task, each with the task that reads it and has not ended. */
const unfinishedReaders = (db: Pick<Reader, 'selectFrom'>) =>
  db
    .selectFrom('task_inputs')
    .innerJoin('tasks as readers', 'readers.id', 'task_inputs.task_id')
    .where('task_inputs.source_task_id', 'is not', null)
    .where('readers.status', 'in', ['queued', 'running'])
    .whereRef('readers.id', '!=', 'task_inputs.source_task_id');

/** The first task that reads an output of this frame. */
export async function readerOf(db: Reader, task: number, frame: number): Promise<number | null> {
  const row = await unfinishedReaders(db)
    .select('readers.id')
    .where('task_inputs.source_task_id', '=', task)
    .where('task_inputs.source_frame', '=', frame)
    .orderBy('readers.id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Which of `tasks` have pictures that are read by a task outside `toGo`, each with the first such reader. */
export async function readersOf(
  db: Reader,
  tasks: number[],
  toGo: ReadonlySet<number>,
): Promise<Map<number, number>> {
  if (tasks.length === 0) return new Map();
  const rows = await unfinishedReaders(db)
    .select(['task_inputs.source_task_id as task_id', 'readers.id'])
    .where('task_inputs.source_task_id', 'in', tasks)
    .orderBy('readers.id', 'desc')
    .execute();
  return new Map(rows.filter(({ id }) => !toGo.has(id)).map(({ task_id, id }) => [Number(task_id), id]));
}

/** Those of `tasks` that must stay if all are to be deleted, including those read by tasks that stay. */
export async function readOf(db: Reader, tasks: number[]): Promise<Map<number, number>> {
  const toGo = new Set(tasks);
  const stay = new Map<number, number>();
  for (;;) {
    const found = await readersOf(db, [...toGo], toGo);
    if (found.size === 0) return stay;
    for (const [task, reader] of found) {
      toGo.delete(task);
      stay.set(task, reader);
    }
  }
}

/** The first unfinished task with this style. */
export async function readerOfStyle(trx: Writer, style: number): Promise<number | null> {
  const row = await trx
    .selectFrom('tasks')
    .select('id')
    .where('status', 'in', ['queued', 'running'])
    .where('style_id', '=', style)
    .orderBy('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** In a query over tasks: true if no unfinished task reads the task's pictures. */
export function isUnread(): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, never>();
  const reader = unfinishedReaders(eb)
    .select('readers.id')
    .where('task_inputs.source_task_id', '=', sql.ref<number>('tasks.id'));
  return eb.not(eb.exists(reader));
}
