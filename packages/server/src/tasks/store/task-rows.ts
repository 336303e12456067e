/**
 * Tasks and frames in the database. Every function is one statement or runs inside the caller's transaction. What only the
 * worker that holds a task may write is in `leased.ts`.
 */
import {
  type Caller,
  type DrawnWords,
  type FrameStatus,
  parseOutputId,
  type Seed,
  type TaskStatus,
} from '@limner/contract';
import { refuseStranger } from '../../access.ts';
import type { Reader, Writer } from '../../db/database.ts';
import type { FrameRow, NewTask, OutputRow, TaskRow } from '../../db/schema.ts';
import { statement } from '../../db/statement.ts';
import { scopedStatement, visibleTo } from '../../db/visible-to.ts';
import { insertDeliveries } from '../../webhooks/webhooks-store.ts';
import { finalStatus } from '../state.ts';
import { holdSources, holdTrainingName } from './task-locks.ts';
import { firstVersion, nextVersion } from './version.ts';

/** A frame with its outputs, in order. */
export type StoredFrame = FrameRow & { outputs: OutputRow[] };

export interface TaskWithFrames {
  task: TaskRow;
  frames: StoredFrame[];
}

export const UNFINISHED: FrameStatus[] = ['queued', 'running'];

/** The given columns of a new task; all others have initial values. */
export type PlannedTask = Required<
  Pick<
    NewTask,
    | 'kind'
    | 'lane'
    | 'priority'
    | 'family'
    | 'prompt'
    | 'source_name'
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
      source_name: task.source_name,
      search_text: task.search_text,
      style_id: task.style_id,
      source_task_id: task.source_task_id,
      plan: task.plan,
      total_frames: task.total_frames,
      version: firstVersion(task.created_at),
      created_at: task.created_at,
    })
    .returningAll(),
);

const insertFrameRow = statement<{ id: number; index: number; seed: string; drawn: string | null }, FrameRow>(
  (db, frame) =>
    db
      .insertInto('frames')
      .values({
        task_id: frame.id,
        frame_index: frame.index,
        status: 'queued',
        seed: frame.seed,
        drawn: frame.drawn,
      })
      .returningAll(),
);

/**
 * Inserts a task with one frame per seed. `images`: ids of the pictures that the task reads; `words`: of each frame, where
 * it has its own.
 * @throws StudioError `not_allowed`; also if an input or the style was deleted meanwhile, or a training of this name is unfinished
 */
export async function insertTask(
  caller: Caller,
  trx: Writer,
  planned: PlannedTask,
  seeds: Seed[],
  images: string[],
  words: readonly (DrawnWords | null)[] = [],
): Promise<TaskWithFrames> {
  refuseStranger(caller);
  await holdSources(trx, { images, styleId: planned.style_id });
  if (planned.kind === 'training') await holdTrainingName(trx, planned.prompt);
  const task = (await insertTaskRow(trx, planned)).rows[0] as TaskRow;
  const frames: FrameRow[] = [];
  for (const [index, seed] of seeds.entries()) {
    const own = words[index];
    const drawn = own ? JSON.stringify(own) : null;
    frames.push(...(await insertFrameRow(trx, { id: task.id, index, seed: String(seed), drawn })).rows);
  }
  if (images.length > 0)
    await trx
      .insertInto('task_inputs')
      .values(images.map((image) => ({ task_id: task.id, image, ...sourceOf(image) })))
      .execute();
  return { task, frames: withOutputs(frames, []) };
}

function sourceOf(image: string) {
  const output = parseOutputId(image);
  return { source_task_id: output?.task ?? null, source_frame: output?.frame ?? null };
}

export const taskRow = scopedStatement<{ id: number }, TaskRow>((db, { id }, visible) =>
  db.selectFrom('tasks').selectAll().where('id', '=', id).where(visible),
);

const frameRows = statement<{ id: number }, FrameRow>((db, { id }) =>
  db.selectFrom('frames').selectAll().where('task_id', '=', id).orderBy('frame_index'),
);

export async function readTask(caller: Caller, db: Reader, id: number): Promise<TaskWithFrames | null> {
  const [task] = (await taskRow(caller, db, { id })).rows;
  return task ? { task, frames: await framesOf(db, id) } : null;
}

const outputRows = statement<{ id: number }, OutputRow>((db, { id }) =>
  db.selectFrom('outputs').selectAll().where('task_id', '=', id).orderBy('frame_index').orderBy('place'),
);

export async function framesOf(db: Reader, id: number): Promise<StoredFrame[]> {
  const frames = (await frameRows(db, { id })).rows;
  // A training, which has one frame, keeps files before that is completed.
  const mayHaveSome = frames.length === 1 || frames.some(({ status }) => status === 'completed');
  return withOutputs(frames, mayHaveSome ? (await outputRows(db, { id })).rows : []);
}

/** Joins the frames and the outputs of one task. */
export function withOutputs(frames: FrameRow[], outputs: OutputRow[]): StoredFrame[] {
  const of = (index: number) => outputs.filter(({ frame_index }) => frame_index === index);
  return frames.map((frame) => ({ ...frame, outputs: outputs.length === 0 ? [] : of(frame.frame_index) }));
}

/** After frames were put back: a held task stays with its worker, which finds them; any other task waits again. */
export async function requeueTask(trx: Writer, id: number, lease: string | null): Promise<void> {
  const again = lease === null ? ({ status: 'queued', completed_at: null, error: null } as const) : {};
  await trx
    .updateTable('tasks')
    .set({ ...again, version: nextVersion(Date.now()) })
    .where('id', '=', id)
    .execute();
}

const raiseVersionRow = statement<{ id: number; now: number }, unknown>((db, { id, now }) =>
  db
    .updateTable('tasks')
    .set({ version: nextVersion(now) })
    .where('id', '=', id),
);

/** Gives a task whose frames or outputs changed its next version. */
export async function raiseVersion(trx: Writer, id: number): Promise<void> {
  await raiseVersionRow(trx, { id, now: Date.now() });
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
): Promise<TaskStatus> {
  const status = finalStatus(frames, cancelled);
  const error =
    status === 'failed' || status === 'partial'
      ? (frames.find((frame) => frame.status === 'failed')?.error ?? null)
      : null;
  await endTaskRow(trx, { id, status, error, now: Date.now() });
  await insertDeliveries(trx, id, status);
  return status;
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

/** Computes the task's status from its remaining frames: without its only completed frame a task has failed. */
export async function updateTaskSummary(trx: Writer, { task, frames }: TaskWithFrames): Promise<void> {
  const isActive = task.status === 'queued' || task.status === 'running';
  const status = isActive ? task.status : finalStatus(frames, task.status === 'cancelled');
  await trx
    .updateTable('tasks')
    .set({
      status,
      total_frames: frames.length,
      stars: frames.flatMap(({ outputs }) => outputs).filter(({ starred }) => starred === 1).length,
      version: nextVersion(Date.now()),
    })
    .where('id', '=', task.id)
    .execute();
}

/** Recounts the starred outputs of a task. */
export async function recountStars(trx: Writer, id: number): Promise<void> {
  await trx
    .updateTable('tasks')
    .set({
      stars: (eb) =>
        eb
          .selectFrom('outputs')
          .select((of) => of.fn.countAll<number>().as('n'))
          .where('task_id', '=', id)
          .where('starred', '=', 1),
    })
    .where('id', '=', id)
    .execute();
}

const MOST_ALIKE = 50;

/** Tasks that read pictures, of this kind and prompt, that have a frame with this seed. */
export const tasksOfFrames = (
  caller: Caller,
  db: Reader,
  { kind, prompt, seed }: { kind: TaskRow['kind']; prompt: string; seed: string },
): Promise<Pick<TaskRow, 'id' | 'kind' | 'plan'>[]> =>
  db
    .selectFrom('tasks')
    .select(['id', 'kind', 'plan'])
    .where('kind', '=', kind)
    .where('prompt', '=', prompt)
    // Prompts and seeds have no index: of the tasks that read pictures, the frames are found by their key.
    .where((eb) => eb('id', 'in', eb.selectFrom('task_inputs').select('task_inputs.task_id')))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('frames')
          .select('frames.task_id')
          .whereRef('frames.task_id', '=', 'tasks.id')
          .where('frames.seed', '=', seed),
      ),
    )
    .where(visibleTo(caller))
    .orderBy('id', 'desc')
    .limit(MOST_ALIKE)
    .execute();
