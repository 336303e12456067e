/**
 * Tasks and frames in the database. Every function is one statement or runs inside the caller's transaction; what a
 * worker writes names its lease, so a worker that lost the task changes nothing.
 */
import type { FrameStatus, TaskStatus } from '@limner/contract';
import { type Expression, sql } from 'kysely';
import type { Reader, Writer } from '../db/database.ts';
import type { FrameRow, NewFrame, NewTask, TaskRow } from '../db/schema.ts';
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
