/** Progress of running frames as workers write it: fraction, newest preview, loss of a training. */
import type { Caller, LossPoint } from '@limner/contract';
import { chunksOf } from '../../chunks-of.ts';
import type { Reader, Writer } from '../../db/database.ts';
import { visibleTo } from '../../db/visible-to.ts';
import { nextVersion } from './version.ts';

export interface Preview {
  bytes: Uint8Array;
  mediaType: string;
}

export interface FrameProgress {
  index: number;
  /** 0…1 */
  progress: number;
  /** Prompts before it on its server; null: it is painted. */
  waitsBehind: number | null;
  /** Newer than the stored one; null if none. */
  preview: Preview | null;
  /** Points of a training's loss that are not stored yet. */
  loss: LossPoint[];
}

/** Written under the task's lease. False, with nothing written, if the lease is lost. */
export async function saveProgress(
  trx: Writer,
  { id, lease }: { id: number; lease: string },
  frames: FrameProgress[],
): Promise<boolean> {
  const held = await trx
    .updateTable('tasks')
    .set({ version: nextVersion(Date.now()) })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .returning('version')
    .executeTakeFirst();
  if (!held) return false;
  for (const frame of frames) await saveFrame(trx, id, frame, held.version);
  return true;
}

async function saveFrame(
  trx: Writer,
  task_id: number,
  { index: frame_index, progress, waitsBehind, preview, loss }: FrameProgress,
  version: number,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('frames')
    .set({ progress, waits_behind: waitsBehind, ...(preview ? { preview: version } : {}) })
    .where('task_id', '=', task_id)
    .where('frame_index', '=', frame_index)
    .where('status', '=', 'running')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  if (preview) {
    const row = { bytes: preview.bytes, media_type: preview.mediaType };
    await trx
      .insertInto('previews')
      .values({ task_id, frame_index, ...row })
      .onConflict((conflict) => conflict.columns(['task_id', 'frame_index']).doUpdateSet(row))
      .execute();
  }
  await saveLoss(trx, task_id, loss);
}

/** SQLite allows 32766 parameters in a statement. */
const POINTS_AT_ONCE = 5_000;

/** A run that resumes from a checkpoint or starts again replaces its later points. */
export async function saveLoss(trx: Writer, task_id: number, points: LossPoint[]): Promise<void> {
  const [first] = points;
  if (!first) return;
  await removeLossFrom(trx, task_id, first[0]);
  for (const some of chunksOf(points, POINTS_AT_ONCE))
    await trx
      .insertInto('loss_points')
      .values(some.map(([step, loss]) => ({ task_id, step, loss })))
      .execute();
}

/** For a run that resumes before this step. */
export async function removeLossFrom(trx: Writer, task_id: number, step: number): Promise<void> {
  await trx.deleteFrom('loss_points').where('task_id', '=', task_id).where('step', '>=', step).execute();
}

/** The preview of a running frame. */
export async function previewOf(
  caller: Caller,
  db: Reader,
  id: number,
  index: number,
): Promise<Preview | null> {
  const row = await db
    .selectFrom('previews')
    .innerJoin('frames', (join) =>
      join
        .onRef('frames.task_id', '=', 'previews.task_id')
        .onRef('frames.frame_index', '=', 'previews.frame_index'),
    )
    .select(['previews.bytes', 'previews.media_type'])
    .where('previews.task_id', '=', id)
    .where('previews.frame_index', '=', index)
    .where('frames.status', '=', 'running')
    .where('frames.preview', 'is not', null)
    .where(visibleTo(caller))
    .executeTakeFirst();
  return row ? { bytes: row.bytes, mediaType: row.media_type } : null;
}

/** For a frame that has ended. */
export async function removePreview(trx: Writer, id: number, index: number): Promise<void> {
  await trx.deleteFrom('previews').where('task_id', '=', id).where('frame_index', '=', index).execute();
}

/** Removes previews of frames that no longer run: their worker died, or their task was cancelled. */
export async function removeOldPreviews(trx: Writer): Promise<void> {
  await trx
    .deleteFrom('previews')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('frames')
            .select('frames.task_id')
            .whereRef('frames.task_id', '=', 'previews.task_id')
            .whereRef('frames.frame_index', '=', 'previews.frame_index')
            .where('frames.status', '=', 'running'),
        ),
      ),
    )
    .execute();
}

/** The loss of each training, by step. */
export async function lossOf(db: Reader, ids: number[]): Promise<Map<number, LossPoint[]>> {
  const curves = new Map<number, LossPoint[]>();
  if (ids.length === 0) return curves;
  const rows = await db
    .selectFrom('loss_points')
    .selectAll()
    .where('task_id', 'in', ids)
    .orderBy('task_id')
    .orderBy('step')
    .execute();
  for (const { task_id, step, loss } of rows) {
    const curve = curves.get(task_id);
    if (curve) curve.push([step, loss]);
    else curves.set(task_id, [[step, loss]]);
  }
  return curves;
}

/** The last point of each training. */
export async function newestLosses(db: Reader, ids: number[]): Promise<Map<number, LossPoint>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('loss_points as point')
    .selectAll()
    .where('task_id', 'in', ids)
    .where('step', '=', (eb) =>
      eb
        .selectFrom('loss_points as any')
        .select((any) => any.fn.max('any.step').as('newest'))
        .whereRef('any.task_id', '=', 'point.task_id'),
    )
    .execute();
  return new Map(rows.map(({ task_id, step, loss }) => [task_id, [step, loss]]));
}
