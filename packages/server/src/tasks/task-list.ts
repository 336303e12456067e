/** Reading many tasks: pages of the list, what changed, how many wait, how long a picture takes. */
import { isFinal, type TaskFilter, type TaskStatus } from '@limner/contract';
import { sql } from 'kysely';
import type { Database, Reader } from '../db/database.ts';
import type { FrameRow, TaskRow } from '../db/schema.ts';
import { searchWords } from './search.ts';

/** Beginnings of words have an index of their own up to this length; see the search table in the migrations. */
const LONGEST_PREFIX_CHARS = 6;

/** Newest first; one row more than asked tells that there is a next page. */
export async function listTasks(
  database: Database,
  filter: TaskFilter,
): Promise<{ rows: TaskRow[]; more: boolean }> {
  const words = filter.text ? searchWords(filter.text) : [];
  const rows = await (words.length > 0
    ? textQuery(database, filter, words)
    : plainQuery(database.read, filter));
  return { rows: rows.slice(0, filter.limit), more: rows.length > filter.limit };
}

function plainQuery(db: Reader, filter: TaskFilter): Promise<TaskRow[]> {
  let query = db
    .selectFrom('tasks')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit + 1);
  if (filter.kind) query = query.where('kind', '=', filter.kind);
  if (filter.status) query = query.where('status', '=', filter.status);
  if (filter.before) query = query.where('id', '<', filter.before);
  return query.execute();
}

async function textQuery(
  { read }: Database,
  filter: TaskFilter,
  words: ReturnType<typeof searchWords>,
): Promise<TaskRow[]> {
  const parts = words.map(({ phrase, prefix }) =>
    prefix ? `text:"${phrase.slice(0, LONGEST_PREFIX_CHARS)}"*` : `text:"${phrase}"`,
  );
  if (filter.kind) parts.push(`tags:kind${filter.kind.replaceAll('_', '')}`);
  if (filter.status) parts.push(`tags:status${isFinal(filter.status) ? filter.status : 'active'}`);
  const exactly = filter.status ? sql`and tasks.status = ${filter.status}` : sql``;
  const long = words.find(({ phrase, prefix }) => prefix && phrase.length > LONGEST_PREFIX_CHARS);
  const beginning = long ? sql`and tasks.search_text like ${`%${long.phrase}%`}` : sql``;
  // Walks the word index from the newest row down and stops after one page; `cross join` keeps it in that order.
  const { rows } = await sql<TaskRow>`
    select tasks.* from task_search cross join tasks on tasks.id = task_search.rowid
    where task_search match ${parts.join(' AND ')} and task_search.rowid < ${filter.before ?? Number.MAX_SAFE_INTEGER}
      ${exactly} ${beginning}
    order by task_search.rowid desc limit ${filter.limit + 1}`.execute(read);
  return rows;
}

export async function framesOfAll(db: Reader, ids: number[]): Promise<Map<number, FrameRow[]>> {
  const byTask = new Map<number, FrameRow[]>();
  if (ids.length === 0) return byTask;
  const rows = await db
    .selectFrom('frames')
    .selectAll()
    .where('task_id', 'in', ids)
    .orderBy('task_id')
    .orderBy('frame_index')
    .execute();
  for (const row of rows) byTask.set(row.task_id, [...(byTask.get(row.task_id) ?? []), row]);
  return byTask;
}

export const tasksById = (db: Reader, ids: number[]): Promise<TaskRow[]> =>
  db.selectFrom('tasks').selectAll().where('id', 'in', ids).execute();

/** Tasks changed after a version, newest change last. */
export const changedTasks = (db: Reader, since: number, limit: number): Promise<TaskRow[]> =>
  db.selectFrom('tasks').selectAll().where('version', '>', since).orderBy('version').limit(limit).execute();

export const activeTasks = (db: Reader, limit: number): Promise<TaskRow[]> =>
  db
    .selectFrom('tasks')
    .selectAll()
    .where('status', 'in', ['queued', 'running'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();

export async function countActive(db: Reader): Promise<{ queued: number; running: number }> {
  const count = async (status: TaskStatus) => {
    const row = await db
      .selectFrom('tasks')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('status', '=', status)
      .executeTakeFirst();
    return Number(row?.n ?? 0);
  };
  return { queued: await count('queued'), running: await count('running') };
}

/** Median ms of the family's latest finished frames; null before the first. */
export async function medianFrameMs(db: Reader, family: string): Promise<number | null> {
  const query = db
    .selectFrom('frames')
    .innerJoin('tasks', 'tasks.id', 'frames.task_id')
    .select((eb) => eb('frames.completed_at', '-', eb.ref('frames.started_at')).as('ms'))
    .where('tasks.family', '=', family)
    .where('tasks.id', '>', (eb) =>
      eb.selectFrom('tasks').select((max) => sql<number>`coalesce(${max.fn.max('id')}, 0) - 500`.as('from')),
    )
    .where('frames.status', '=', 'completed')
    .orderBy('frames.task_id', 'desc')
    .limit(21);
  const times = (await query.execute()).map(({ ms }) => Number(ms)).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? null;
}
