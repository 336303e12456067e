/** Rows of outputs. An output has the owner of its task. */
import { BELONGING_ROLES, type Caller, type OutputName } from '@limner/contract';
import { chunksOf } from '../chunks-of.ts';
import type { Reader, Writer } from '../db/database.ts';
import type { FrameRow, OutputRow, TaskRow } from '../db/schema.ts';
import { visibleTo } from '../db/visible-to.ts';

const COLUMNS = [
  'outputs.task_id',
  'outputs.frame_index',
  'outputs.place',
  'outputs.role',
  'outputs.file',
  'outputs.media_type',
  'outputs.width',
  'outputs.height',
  'outputs.size_bytes',
  'outputs.created_at',
  'outputs.provenance',
  'tasks.prompt',
  'tasks.source_name',
  'tasks.family',
  'tasks.kind',
  'frames.seed',
  'frames.drawn',
] as const;

/** An output's file, and what its name is made of. */
export type OutputFile = Omit<OutputRow, 'duration_ms' | 'fps' | 'starred'> &
  Pick<TaskRow, 'prompt' | 'source_name' | 'family' | 'kind'> &
  Pick<FrameRow, 'seed' | 'drawn'>;

const visibleOutputs = (caller: Caller, db: Reader) =>
  db
    .selectFrom('outputs')
    .innerJoin('tasks', 'tasks.id', 'outputs.task_id')
    .innerJoin('frames', (join) =>
      join
        .onRef('frames.task_id', '=', 'outputs.task_id')
        .onRef('frames.frame_index', '=', 'outputs.frame_index'),
    )
    .select(COLUMNS)
    .where(visibleTo(caller));

export const findOutput = (
  caller: Caller,
  db: Reader,
  { task, frame, place }: OutputName,
): Promise<OutputFile | undefined> =>
  visibleOutputs(caller, db)
    .where('outputs.task_id', '=', task)
    .where('outputs.frame_index', '=', frame)
    .where('outputs.place', '=', place)
    .executeTakeFirst();

/** The row of a task that exists, also where its frame does not. */
export const outputFileOf = (
  caller: Caller,
  db: Reader,
  { task, frame, place }: OutputName,
): Promise<Pick<OutputRow, 'file' | 'size_bytes'> | undefined> =>
  db
    .selectFrom('outputs')
    .innerJoin('tasks', 'tasks.id', 'outputs.task_id')
    .select(['outputs.file', 'outputs.size_bytes'])
    .where('outputs.task_id', '=', task)
    .where('outputs.frame_index', '=', frame)
    .where('outputs.place', '=', place)
    .where(visibleTo(caller))
    .executeTakeFirst();

/** The still that stands for a video. */
export const findPoster = (
  caller: Caller,
  db: Reader,
  { task, frame }: Omit<OutputName, 'place'>,
): Promise<OutputFile | undefined> =>
  visibleOutputs(caller, db)
    .where('outputs.task_id', '=', task)
    .where('outputs.frame_index', '=', frame)
    .where('outputs.role', '=', 'poster')
    .executeTakeFirst();

/** By task, frame and place. */
export const outputsOfTasks = async (caller: Caller, db: Reader, tasks: number[]): Promise<OutputFile[]> =>
  tasks.length === 0
    ? []
    : visibleOutputs(caller, db)
        .where('outputs.task_id', 'in', tasks)
        .orderBy('outputs.task_id')
        .orderBy('outputs.frame_index')
        .orderBy('outputs.place')
        .execute();

/** Of one frame, by place. */
export const outputsOfFrame = (
  caller: Caller,
  db: Reader,
  { task, frame }: Omit<OutputName, 'place'>,
): Promise<OutputFile[]> =>
  visibleOutputs(caller, db)
    .where('outputs.task_id', '=', task)
    .where('outputs.frame_index', '=', frame)
    .orderBy('outputs.place')
    .execute();

/** Conditions in one statement: SQLite nests an `or` for each and allows 1000 levels. */
const CONDITIONS_AT_ONCE = 500;

interface Marked {
  task: number;
  /** null: all outputs of the task but those that belong to another one. */
  outputs: OutputName[] | null;
  starred: boolean;
}

/** Returns the number of changed rows. */
export async function markStars(
  caller: Caller,
  trx: Writer,
  { outputs, ...marked }: Marked,
): Promise<number> {
  if (outputs === null) return markSome(caller, trx, { ...marked, outputs });
  let changed = 0;
  for (const some of chunksOf(outputs, CONDITIONS_AT_ONCE))
    changed += await markSome(caller, trx, { ...marked, outputs: some });
  return changed;
}

async function markSome(caller: Caller, trx: Writer, { task, outputs, starred }: Marked): Promise<number> {
  let rows = trx
    .updateTable('outputs')
    .set({ starred: starred ? 1 : 0 })
    .where('task_id', '=', task)
    .where('starred', '=', starred ? 0 : 1)
    .where(visibleTo(caller));
  rows = outputs
    ? rows.where((eb) => eb.or(outputs.map(({ frame, place }) => eb.and({ frame_index: frame, place }))))
    : rows.where('role', 'not in', BELONGING_ROLES);
  const { numUpdatedRows } = await rows.executeTakeFirst();
  return Number(numUpdatedRows);
}

/** The outputs of a task, with their stars. */
export const starsOf = (caller: Caller, db: Reader, task: number) =>
  db
    .selectFrom('outputs')
    .select(['task_id as task', 'frame_index as frame', 'place', 'size_bytes', 'starred'])
    .where('task_id', '=', task)
    .where(visibleTo(caller))
    .execute();

/** Ids of tasks with a star. */
export const starredTasks = async (
  caller: Caller,
  db: Reader,
  { after, limit }: { after: number; limit: number },
): Promise<number[]> => {
  const rows = await db
    .selectFrom('tasks')
    .select('id')
    .where('stars', '>', 0)
    .where('id', '>', after)
    .where(visibleTo(caller))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
};
