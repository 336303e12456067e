/**
 * Tasks and frames in the database. Every function is one statement or runs inside the caller's transaction; what a
 * worker writes names its lease, so a worker that lost the task changes nothing.
 */
import type { FrameStatus, TaskFilter, TaskKind, TaskStatus } from '@limner/contract';
import { type Expression, sql } from 'kysely';
import type { Database, Reader, Writer } from '../db/database.ts';
import type { FrameRow, NewFrame, NewTask, TaskRow } from '../db/schema.ts';
import { searchWords } from './search.ts';
import { finalStatus } from './state.ts';

export interface TaskWithFrames {
  task: TaskRow;
  frames: FrameRow[];
}

/** Grows with every change and with time, so that versions of one task can be compared over restarts. */
const nextVersion = (floor: number) =>
  sql<number>`case when version >= ${floor} then version + 1 else ${floor} end`;

export const UNFINISHED: FrameStatus[] = ['queued', 'running'];

export async function insertTask(
  trx: Writer,
  task: NewTask,
  frames: Omit<NewFrame, 'task_id'>[],
  images: string[],
): Promise<TaskWithFrames> {
  const row = await trx.insertInto('tasks').values(task).returningAll().executeTakeFirstOrThrow();
  const { id } = row;
  const frameRows = await trx
    .insertInto('frames')
    .values(frames.map((frame) => ({ ...frame, task_id: id })))
    .returningAll()
    .execute();
  if (images.length > 0)
    await trx
      .insertInto('task_inputs')
      .values(images.map((image) => ({ task_id: id, image })))
      .execute();
  return { task: row, frames: frameRows };
}

export async function readTask(db: Reader, id: number): Promise<TaskWithFrames | null> {
  const task = await db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst();
  return task ? { task, frames: await framesOf(db, id) } : null;
}

export const framesOf = (db: Reader, id: number): Promise<FrameRow[]> =>
  db.selectFrom('frames').selectAll().where('task_id', '=', id).orderBy('frame_index').execute();

/** Newest first; one row more than asked tells that there is a next page. */
export async function listTasks(
  database: Database,
  filter: TaskFilter,
): Promise<{ rows: TaskRow[]; more: boolean }> {
  const words = filter.text ? searchWords(filter.text) : [];
  const query =
    words.length > 0 ? await textQuery(database, filter, words) : plainQuery(database.read, filter);
  const rows = await query;
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

const MAX_EXPANSIONS = 40;
const INDEXED_PREFIX_CHARS = 3;

async function textQuery(
  { read }: Database,
  filter: TaskFilter,
  words: ReturnType<typeof searchWords>,
): Promise<Promise<TaskRow[]>> {
  const parts: string[] = [];
  for (const { phrase, prefix } of words) {
    if (!prefix) parts.push(`text:"${phrase}"`);
    else if (phrase.length <= INDEXED_PREFIX_CHARS) parts.push(`text:"${phrase}"*`);
    else parts.push(await expanded(read, phrase));
  }
  if (filter.kind) parts.push(`tags:kind${filter.kind.replaceAll('_', '')}`);
  if (filter.status) parts.push(`tags:status${filter.status}`);
  const before = filter.before ?? Number.MAX_SAFE_INTEGER;
  // The inner query walks the index from the newest row down and stops after one page.
  const { rows } = await sql<TaskRow>`
    select tasks.* from tasks where id in (
      select rowid from task_search where task_search match ${parts.join(' AND ')} and rowid < ${before}
      order by rowid desc limit ${filter.limit + 1})
    order by id desc`.execute(read);
  return Promise.resolve(rows);
}

/** A long beginning of a word, as the words that begin so: walking a few word lists is quicker than merging all. */
async function expanded(db: Reader, beginning: string): Promise<string> {
  const { rows } = await sql<{ term: string }>`
    select term from task_words where term >= ${beginning} and term < ${`${beginning}\u{10ffff}`} limit ${MAX_EXPANSIONS}`.execute(
    db,
  );
  const terms = new Set([beginning, ...rows.map(({ term }) => term)]);
  return `(${[...terms].map((term) => `text:"${term}"`).join(' OR ')})`;
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

/** After frames were put back: a held task stays held, its worker finds them; any other waits anew. */
export async function requeueTask(
  trx: Writer,
  id: number,
  floor: number,
  lease: string | null,
): Promise<void> {
  const again = lease === null ? ({ status: 'queued', completed_at: null, error: null } as const) : {};
  await trx
    .updateTable('tasks')
    .set({ ...again, version: nextVersion(floor) })
    .where('id', '=', id)
    .execute();
}

export interface Claim {
  lane: string;
  lease: string;
  leaseUntil: number;
  now: number;
  /** Frames of the task that begin at once. */
  slots: (task: TaskRow) => number;
}

/** The next waiting task of a lane, now held under `lease`, its first unfinished frames begun. One commit for all of it. */
export async function claimTask(trx: Writer, claim: Claim): Promise<TaskWithFrames | null> {
  const task = await holdNext(trx, claim);
  if (!task) return null;
  await trx
    .updateTable('frames')
    .set({ status: 'running', started_at: claim.now, ...oneMoreTry })
    .where('task_id', '=', task.id)
    .where('frame_index', 'in', (eb) =>
      eb
        .selectFrom('frames')
        .select('frame_index')
        .where('task_id', '=', task.id)
        .where('status', '=', 'queued')
        .orderBy('frame_index')
        .limit(claim.slots(task)),
    )
    .execute();
  return { task, frames: await framesOf(trx, task.id) };
}

function holdNext(trx: Writer, claim: Claim): Promise<TaskRow | undefined> {
  return trx
    .updateTable('tasks')
    .set({
      status: 'running',
      lease: claim.lease,
      lease_until: claim.leaseUntil,
      started_at: sql`coalesce(started_at, ${claim.now})`,
      version: nextVersion(claim.now),
    })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('tasks')
        .select('id')
        .where('lane', '=', claim.lane)
        .where('status', '=', sql.lit('queued'))
        .orderBy('priority', 'desc')
        .orderBy('id')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst();
}

/** False: the task is no longer ours. */
export async function holdTask(trx: Writer, id: number, lease: string, leaseUntil: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('tasks')
    .set({ lease_until: leaseUntil })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Changes one frame under the task's lease. False, and nothing changed, when the lease is lost or the frame is no longer
 * in one of the `from` states (it was cancelled).
 */
export async function changeFrame(
  trx: Writer,
  target: { id: number; index: number; lease: string; from: FrameStatus[]; floor: number },
  change: Partial<FrameRow> | { tries: Expression<number> },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('frames')
    .set(change as Partial<FrameRow>)
    .where('task_id', '=', target.id)
    .where('frame_index', '=', target.index)
    .where('status', 'in', target.from)
    .where((eb) =>
      eb.exists(
        eb.selectFrom('tasks').select('id').where('id', '=', target.id).where('lease', '=', target.lease),
      ),
    )
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await touch(trx, target.id, target.floor);
  return true;
}

export const oneMoreTry = { tries: sql<number>`tries + 1` };

export async function touch(trx: Writer, id: number, floor: number): Promise<void> {
  await trx
    .updateTable('tasks')
    .set({ version: nextVersion(floor) })
    .where('id', '=', id)
    .execute();
}

/**
 * Ends a held task when none of its frames has work left. Returns what it ended as, null when the lease is lost, and
 * `'more'` when frames were put back meanwhile.
 */
export async function settleTask(
  trx: Writer,
  id: number,
  lease: string,
  now: number,
): Promise<TaskStatus | 'more' | null> {
  const held = await trx
    .selectFrom('tasks')
    .select(['id'])
    .where('id', '=', id)
    .where('lease', '=', lease)
    .executeTakeFirst();
  if (!held) return null;
  const work = trx
    .selectFrom('frames')
    .select('frame_index')
    .where('task_id', '=', id)
    .where('status', 'in', UNFINISHED);
  if (await work.limit(1).executeTakeFirst()) return 'more';
  return endTask(trx, id, await framesOf(trx, id), false, now);
}

/** Writes the final state that follows from frames without work. */
export async function endTask(
  trx: Writer,
  id: number,
  frames: FrameRow[],
  cancelled: boolean,
  now: number,
): Promise<TaskStatus> {
  const status = finalStatus(frames, cancelled);
  const error =
    status === 'failed' || status === 'partial'
      ? (frames.find((frame) => frame.status === 'failed')?.error ?? null)
      : null;
  await trx
    .updateTable('tasks')
    .set({ status, error, lease: null, lease_until: null, completed_at: now, version: nextVersion(now) })
    .where('id', '=', id)
    .execute();
  return status;
}

/** Puts held tasks back whose holder is gone: those of `lease`, or all whose lease has run out by `before`. */
export async function releaseTasks(
  trx: Writer,
  which: { lease: string } | { before: number },
  now: number,
): Promise<TaskRow[]> {
  let query = trx
    .updateTable('tasks')
    .set({ status: 'queued', lease: null, lease_until: null, version: nextVersion(now) })
    .where('status', '=', 'running');
  query =
    'lease' in which ? query.where('lease', '=', which.lease) : query.where('lease_until', '<', which.before);
  const released = await query.returningAll().execute();
  // A run that was broken off is no failed try; one broken off by a death of the process is counted for itself.
  const died = 'before' in which ? 1 : 0;
  for (const { id } of released) {
    await trx
      .updateTable('frames')
      .set({ status: 'queued', tries: sql`tries - 1`, interruptions: sql`interruptions + ${died}` })
      .where('task_id', '=', id)
      .where('status', '=', 'running')
      .execute();
  }
  return released;
}

/** Frames with one of these states become another; returns how many. */
export async function moveFrames(
  trx: Writer,
  id: number,
  index: number | null,
  from: FrameStatus[],
  change: Partial<FrameRow>,
): Promise<number> {
  let query = trx.updateTable('frames').set(change).where('task_id', '=', id).where('status', 'in', from);
  if (index !== null) query = query.where('frame_index', '=', index);
  const { numUpdatedRows } = await query.executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Removes a task and remembers its files until they are gone too. */
export async function removeTask(trx: Writer, id: number): Promise<string[]> {
  const frames = await framesOf(trx, id);
  const files = frames.flatMap((frame) => (frame.file ? [frame.file] : []));
  await rememberFiles(trx, files);
  await trx.deleteFrom('tasks').where('id', '=', id).execute();
  return files;
}

export async function rememberFiles(trx: Writer, files: string[]): Promise<void> {
  if (files.length === 0) return;
  await trx
    .insertInto('trash')
    .values(files.map((file) => ({ file })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

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

/** Median ms of the family's latest finished frames; null before the first. */
export async function medianFrameMs(db: Reader, family: string, kind?: TaskKind): Promise<number | null> {
  let query = db
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
  if (kind) query = query.where('tasks.kind', '=', kind);
  const times = (await query.execute()).map(({ ms }) => Number(ms)).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? null;
}
