/**
 * Tasks and frames in the database. Every function is one statement or runs inside the caller's transaction; what a
 * worker writes names its lease, so a worker that lost the task changes nothing.
 */
import type { FrameStatus, TaskStatus } from '@limner/contract';
import { type Expression, sql } from 'kysely';
import type { Reader, Writer } from '../db/database.ts';
import type { FrameRow, NewTask, TaskRow } from '../db/schema.ts';
import { statement } from '../db/statement.ts';
import { finalStatus, hasWork } from './state.ts';

export interface TaskWithFrames {
  task: TaskRow;
  frames: FrameRow[];
}

/** Grows with every change and with time, so that versions of one task can be compared over restarts. */
const nextVersion = (floor: number) =>
  sql<number>`case when version >= ${floor} then version + 1 else ${floor} end`;

/** Where a training run that has not ended well keeps what it has reached. */
export const checkpointKey = (task: number): string => `training/${task}.checkpoint`;

export const UNFINISHED: FrameStatus[] = ['queued', 'running'];

export const oneMoreTry = { tries: sql<number>`tries + 1` };

/** What a new task is made of; the rest has its beginning. */
export type PlannedTask = Required<
  Pick<
    NewTask,
    | 'kind'
    | 'lane'
    | 'priority'
    | 'family'
    | 'prompt'
    | 'search_text'
    | 'style_id'
    | 'source_task_id'
    | 'plan'
    | 'total_frames'
    | 'created_at'
  >
>;

const insertTaskRow = statement<PlannedTask, TaskRow>((db, task) =>
  db
    .insertInto('tasks')
    .values({
      kind: task.kind,
      status: 'queued',
      lane: task.lane,
      priority: task.priority,
      family: task.family,
      prompt: task.prompt,
      search_text: task.search_text,
      style_id: task.style_id,
      source_task_id: task.source_task_id,
      plan: task.plan,
      total_frames: task.total_frames,
      version: task.created_at,
      created_at: task.created_at,
    })
    .returningAll(),
);

const insertFrameRow = statement<{ id: number; index: number; seed: number }, FrameRow>((db, frame) =>
  db
    .insertInto('frames')
    .values({ task_id: frame.id, frame_index: frame.index, status: 'queued', seed: frame.seed })
    .returningAll(),
);

/** One frame per seed. `images`: ids of the pictures the task reads. */
export async function insertTask(
  trx: Writer,
  planned: PlannedTask,
  seeds: number[],
  images: string[],
): Promise<TaskWithFrames> {
  const task = (await insertTaskRow(trx, planned)).rows[0] as TaskRow;
  const frames: FrameRow[] = [];
  for (const [index, seed] of seeds.entries())
    frames.push(...(await insertFrameRow(trx, { id: task.id, index, seed })).rows);
  if (images.length > 0)
    await trx
      .insertInto('task_inputs')
      .values(images.map((image) => ({ task_id: task.id, image })))
      .execute();
  return { task, frames };
}

const taskRow = statement<{ id: number }, TaskRow>((db, { id }) =>
  db.selectFrom('tasks').selectAll().where('id', '=', id),
);

const frameRows = statement<{ id: number }, FrameRow>((db, { id }) =>
  db.selectFrom('frames').selectAll().where('task_id', '=', id).orderBy('frame_index'),
);

export async function readTask(db: Reader, id: number): Promise<TaskWithFrames | null> {
  const [task] = (await taskRow(db, { id })).rows;
  return task ? { task, frames: await framesOf(db, id) } : null;
}

export async function framesOf(db: Reader, id: number): Promise<FrameRow[]> {
  return (await frameRows(db, { id })).rows;
}

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
  const [task] = (await holdNext(trx, claim)).rows;
  if (!task) return null;
  await beginFrames(trx, { id: task.id, slots: claim.slots(task), now: claim.now });
  return { task, frames: await framesOf(trx, task.id) };
}

const holdNext = statement<Claim, TaskRow>((db, { lane, lease, leaseUntil, now }) =>
  db
    .updateTable('tasks')
    .set({
      status: 'running',
      lease,
      lease_until: leaseUntil,
      started_at: sql`coalesce(started_at, ${now})`,
      version: nextVersion(now),
    })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('tasks')
        .select('id')
        .where('lane', '=', lane)
        .where('status', '=', sql.lit('queued'))
        .orderBy('priority', 'desc')
        .orderBy('id')
        .limit(1),
    )
    .returningAll(),
);

const beginFrames = statement<{ id: number; slots: number; now: number }, unknown>((db, { id, slots, now }) =>
  db
    .updateTable('frames')
    .set({ status: 'running', started_at: now, ...oneMoreTry })
    .where('task_id', '=', id)
    .where('frame_index', 'in', (eb) =>
      eb
        .selectFrom('frames')
        .select('frame_index')
        .where('task_id', '=', id)
        .where('status', '=', 'queued')
        .orderBy('frame_index')
        .limit(slots),
    ),
);

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

/** A frame that a worker writes: under its lease, and only in one of these states. */
export interface HeldFrame {
  id: number;
  index: number;
  lease: string;
  from: FrameStatus[];
  /** Least version the task gets. */
  floor: number;
}

/**
 * Changes one frame under the task's lease. False, and nothing changed, when the lease is lost or the frame is no longer
 * in one of the `from` states (it was cancelled).
 */
export async function changeFrame(trx: Writer, target: HeldFrame, change: FrameChange): Promise<boolean> {
  if (!(await writeFrame(trx, target, change))) return false;
  await touch(trx, target.id, target.floor);
  return true;
}

export type FrameChange = Partial<FrameRow> | { tries: Expression<number> };

/** As `changeFrame`, for a caller that goes on to write the task. */
async function writeFrame(trx: Writer, target: HeldFrame, change: FrameChange): Promise<boolean> {
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
  return numUpdatedRows > 0n;
}

/** A whole picture, as its row tells it. */
export type KeptPicture = Pick<
  FrameRow,
  'file' | 'media_type' | 'width' | 'height' | 'size_bytes' | 'provenance'
>;

const completeFrameRow = statement<KeptPicture & HeldFrame & { now: number }, unknown>((db, frame) =>
  db
    .updateTable('frames')
    .set({
      status: 'completed',
      file: frame.file,
      media_type: frame.media_type,
      width: frame.width,
      height: frame.height,
      size_bytes: frame.size_bytes,
      provenance: frame.provenance,
      error: null,
      ticket: null,
      completed_at: frame.now,
    })
    .where('task_id', '=', frame.id)
    .where('frame_index', '=', frame.index)
    .where('status', '=', 'running')
    .where((eb) =>
      eb.exists(
        eb.selectFrom('tasks').select('id').where('id', '=', frame.id).where('lease', '=', frame.lease),
      ),
    ),
);

/** The picture is there; the task ends with it when it was the last. null: the frame is not ours to end. */
export async function completeFrame(
  trx: Writer,
  target: HeldFrame,
  picture: KeptPicture,
): Promise<TaskStatus | 'more' | null> {
  const { numAffectedRows } = await completeFrameRow(trx, { ...target, ...picture, now: Date.now() });
  return numAffectedRows ? endOrTouch(trx, target) : null;
}

/** No try is left; the others go on. null: the frame is not ours to end. */
export async function failFrame(
  trx: Writer,
  target: HeldFrame,
  error: string,
): Promise<TaskStatus | 'more' | null> {
  const failed = { status: 'failed', error, ticket: null, completed_at: Date.now() } as const;
  return (await writeFrame(trx, target, failed)) ? endOrTouch(trx, target) : null;
}

async function endOrTouch(trx: Writer, { id, floor }: HeldFrame): Promise<TaskStatus | 'more'> {
  const frames = await framesOf(trx, id);
  if (!hasWork(frames)) return endTask(trx, id, frames, false, floor);
  await touch(trx, id, floor);
  return 'more';
}

const touchRow = statement<{ id: number; floor: number }, unknown>((db, { id, floor }) =>
  db
    .updateTable('tasks')
    .set({ version: nextVersion(floor) })
    .where('id', '=', id),
);

export async function touch(trx: Writer, id: number, floor: number): Promise<void> {
  await touchRow(trx, { id, floor });
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
  const [task] = (await taskRow(trx, { id })).rows;
  if (task?.lease !== lease) return null;
  const frames = await framesOf(trx, id);
  return hasWork(frames) ? 'more' : endTask(trx, id, frames, false, now);
}

const endTaskRow = statement<{ id: number; status: TaskStatus; error: string | null; now: number }, unknown>(
  (db, { id, status, error, now }) =>
    db
      .updateTable('tasks')
      .set({ status, error, lease: null, lease_until: null, completed_at: now, version: nextVersion(now) })
      .where('id', '=', id),
);

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
  await endTaskRow(trx, { id, status, error, now });
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
  const removed = await trx.deleteFrom('tasks').where('id', '=', id).returning('kind').executeTakeFirst();
  if (removed?.kind === 'training') files.push(checkpointKey(id));
  await rememberFiles(trx, files);
  return files;
}

/** Removes one frame and remembers its file until it is gone too. The caller tells the task's row of it. */
export async function removeFrame(trx: Writer, id: number, index: number): Promise<void> {
  const removed = await trx
    .deleteFrom('frames')
    .where('task_id', '=', id)
    .where('frame_index', '=', index)
    .returning('file')
    .executeTakeFirst();
  if (removed?.file) await rememberFiles(trx, [removed.file]);
}

/** What a task's row tells of its frames, written anew after one of them went. */
export async function tellFrames(
  trx: Writer,
  id: number,
  { floor, ...told }: Pick<TaskRow, 'status' | 'total_frames' | 'stars'> & { floor: number },
): Promise<void> {
  await trx
    .updateTable('tasks')
    .set({ ...told, version: nextVersion(floor) })
    .where('id', '=', id)
    .execute();
}

export async function rememberFiles(trx: Writer, files: string[]): Promise<void> {
  if (files.length === 0) return;
  await trx
    .insertInto('trash')
    .values(files.map((file) => ({ file })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
