/** Writes of the worker that holds a task. Each names the lease, so a worker that lost the task changes nothing. */
import type { FrameStatus, TaskStatus } from '@limner/contract';
import { type Expression, sql } from 'kysely';
import { SYSTEM } from '../../access.ts';
import { databaseNow, databaseTimeIn } from '../../db/clock.ts';
import type { Writer } from '../../db/database.ts';
import { isPostgres } from '../../db/lock.ts';
import type { FrameRow, OutputRow, TaskRow } from '../../db/schema.ts';
import { statement } from '../../db/statement.ts';
import { hasWork, NOTHING_PAINTED } from '../state.ts';
import { TURN } from './queue-order.ts';
import { lockTask } from './task-locks.ts';
import { endTask, framesOf, raiseVersion, type TaskWithFrames, taskRow } from './task-rows.ts';
import { nextVersion } from './version.ts';

export const oneMoreTry = { tries: sql<number>`tries + 1` };

export interface Claim {
  lane: string;
  lease: string;
  leaseMs: number;
  now: number;
  /** The number of the task's frames that start at once. */
  slots: (task: TaskRow) => number;
}

/** Claims the next waiting task of a lane under `lease`, unless the lane is paused, and starts its first unfinished frames, in one commit. */
export async function claimTask(trx: Writer, claim: Claim): Promise<TaskWithFrames | null> {
  const [task] = (await holdNext(trx, claim)).rows;
  if (!task) return null;
  const frames = await framesOf(trx, task.id);
  const first = frames.filter(({ status }) => status === 'queued').slice(0, claim.slots(task));
  const begun = { status: 'running', started_at: claim.now, ...NOTHING_PAINTED } as const;
  for (const frame of first) {
    await beginFrame(trx, { id: task.id, index: frame.frame_index, now: claim.now });
    Object.assign(frame, begun, { tries: frame.tries + 1 });
  }
  return { task, frames };
}

const holdNext = statement<Claim, TaskRow>((db, { lane, lease, leaseMs, now }) =>
  db
    .updateTable('tasks')
    .set({
      status: 'running',
      lease,
      lease_until: databaseTimeIn(db, now, leaseMs),
      started_at: sql`coalesce(started_at, ${now})`,
      version: nextVersion(now),
    })
    .where('status', '=', sql.lit('queued'))
    .where('id', '=', (eb) =>
      eb
        .selectFrom('tasks')
        .select('id')
        .where('lane', '=', lane)
        .where('status', '=', sql.lit('queued'))
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('paused_lanes').select('paused_at').where('paused_lanes.lane', '=', lane))),
        )
        .orderBy('priority', 'desc')
        .orderBy(TURN)
        .limit(1)
        // A simultaneous claim skips this task and takes the next.
        .$if(isPostgres(db), (next) => next.forUpdate().skipLocked()),
    )
    .returningAll(),
);

const beginFrame = statement<{ id: number; index: number; now: number }, unknown>((db, { id, index, now }) =>
  db
    .updateTable('frames')
    .set({ status: 'running', started_at: now, ...oneMoreTry, ...NOTHING_PAINTED })
    .where('task_id', '=', id)
    .where('frame_index', '=', index),
);

/** False: the lease is lost. */
export async function holdTask(trx: Writer, id: number, lease: string, leaseMs: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('tasks')
    .set({ lease_until: databaseTimeIn(trx, Date.now(), leaseMs) })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Puts tasks of lost workers back: those of `lease`, all whose lease has expired, or `all` that are held. */
export async function releaseTasks(
  trx: Writer,
  which: { lease: string } | 'expired' | 'all',
): Promise<TaskRow[]> {
  let query = trx
    .updateTable('tasks')
    .set({ status: 'queued', lease: null, lease_until: null, version: nextVersion(Date.now()) })
    .where('status', '=', 'running');
  if (which === 'expired') query = query.where('lease_until', '<', databaseNow(trx, Date.now()));
  else if (which !== 'all') query = query.where('lease', '=', which.lease);
  const released = await query.returningAll().execute();
  // An interrupted run is not a failed try; deaths of the process are counted separately.
  const died = typeof which === 'string' ? 1 : 0;
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

/** A frame that a worker writes: under its lease, and only in one of these states. */
export interface HeldFrame {
  id: number;
  index: number;
  lease: string;
  from: FrameStatus[];
}

/**
 * Changes one frame under the task's lease. False, with nothing changed, if the lease is lost or the frame no longer
 * has one of the `from` statuses (it was cancelled).
 */
export async function changeFrame(trx: Writer, target: HeldFrame, change: FrameChange): Promise<boolean> {
  if (!(await writeFrame(trx, target, change))) return false;
  await raiseVersion(trx, target.id);
  return true;
}

export type FrameChange = Partial<FrameRow> | { tries: Expression<number> };

/** As `changeFrame`, without a new version of the task, because the caller writes the task too. */
async function writeFrame(trx: Writer, target: HeldFrame, change: FrameChange): Promise<boolean> {
  await lockTask(trx, target.id);
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

/** A whole file, as its row describes it. */
export type KeptOutput = Omit<OutputRow, 'task_id' | 'frame_index' | 'starred' | 'created_at'>;

const completeFrameRow = statement<HeldFrame & { now: number }, unknown>((db, frame) =>
  db
    .updateTable('frames')
    .set({ status: 'completed', error: null, ticket: null, progress: 1, completed_at: frame.now })
    .where('task_id', '=', frame.id)
    .where('frame_index', '=', frame.index)
    .where('status', '=', 'running')
    .where((eb) =>
      eb.exists(
        eb.selectFrom('tasks').select('id').where('id', '=', frame.id).where('lease', '=', frame.lease),
      ),
    ),
);

const insertOutputRow = statement<Omit<OutputRow, 'starred'>, unknown>((db, output) =>
  db.insertInto('outputs').values({
    task_id: output.task_id,
    frame_index: output.frame_index,
    place: output.place,
    role: output.role,
    file: output.file,
    media_type: output.media_type,
    width: output.width,
    height: output.height,
    duration_ms: output.duration_ms,
    fps: output.fps,
    size_bytes: output.size_bytes,
    provenance: output.provenance,
    created_at: output.created_at,
  }),
);

/**
 * Completes a frame with its outputs, and the task if this was its last frame. null: the lease is lost or the frame was
 * cancelled.
 */
export async function completeFrame(
  trx: Writer,
  target: HeldFrame,
  outputs: KeptOutput[],
): Promise<TaskStatus | 'more' | null> {
  await lockTask(trx, target.id);
  const now = Date.now();
  const { numAffectedRows } = await completeFrameRow(trx, { ...target, now });
  if (!numAffectedRows) return null;
  for (const output of outputs)
    await insertOutputRow(trx, { ...output, task_id: target.id, frame_index: target.index, created_at: now });
  return endOrRaiseVersion(trx, target);
}

/** Fails a frame after its last try; other frames continue. null: the lease is lost or the frame was cancelled. */
export async function failFrame(
  trx: Writer,
  target: HeldFrame,
  error: string,
): Promise<TaskStatus | 'more' | null> {
  const failed = { status: 'failed', error, ticket: null, completed_at: Date.now() } as const;
  return (await writeFrame(trx, target, failed)) ? endOrRaiseVersion(trx, target) : null;
}

async function endOrRaiseVersion(trx: Writer, { id }: HeldFrame): Promise<TaskStatus | 'more'> {
  const frames = await framesOf(trx, id);
  if (!hasWork(frames)) return endTask(trx, id, frames, false);
  await raiseVersion(trx, id);
  return 'more';
}

/**
 * Ends a held task if none of its frames has work left. Returns its final status, null if the lease is lost, and
 * `'more'` if frames were put back meanwhile.
 */
export async function settleTask(
  trx: Writer,
  id: number,
  lease: string,
): Promise<TaskStatus | 'more' | null> {
  await lockTask(trx, id);
  const [task] = (await taskRow(SYSTEM, trx, { id })).rows;
  if (task?.lease !== lease) return null;
  const frames = await framesOf(trx, id);
  return hasWork(frames) ? 'more' : endTask(trx, id, frames, false);
}
