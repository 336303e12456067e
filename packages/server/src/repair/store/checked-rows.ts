/** Reads what a check compares: tasks in pages with their frames and outputs, and what names pictures and files. */
import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Reader } from '../../db/database.ts';
import type { FrameRow, Schema, StyleRow, UploadRow } from '../../db/schema.ts';
import type { CheckedOutput, CheckedTask, TaskRows } from '../task-faults.ts';

const ROWS_AT_ONCE = 200;

const TASK = [
  'id',
  'kind',
  'status',
  'lane',
  'priority',
  'turn',
  'family',
  'source_name',
  'style_id',
  'source_task_id',
  'total_frames',
  'stars',
  'error',
  'lease',
  'lease_until',
  'version',
  'created_at',
  'started_at',
  'completed_at',
] as const;
const OUTPUT = [
  'task_id',
  'frame_index',
  'place',
  'role',
  'file',
  'media_type',
  'width',
  'height',
  'duration_ms',
  'fps',
  'size_bytes',
  'starred',
  'created_at',
] as const;

export async function countTasks(db: Reader): Promise<number> {
  const row = await db
    .selectFrom('tasks')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** By id. */
export async function* pagesOfTasks(db: Reader): AsyncGenerator<TaskRows[]> {
  for (let after = 0; ; ) {
    const tasks = await db
      .selectFrom('tasks')
      .select(TASK)
      .where('id', '>', after)
      .orderBy('id')
      .limit(ROWS_AT_ONCE)
      .execute();
    const [first, last] = [tasks[0], tasks.at(-1)];
    if (!first || !last) return;
    yield await joined(db, tasks, first.id, last.id);
    after = last.id;
  }
}

export async function checkedTask(db: Reader, id: number): Promise<TaskRows | null> {
  const tasks = await db.selectFrom('tasks').select(TASK).where('id', '=', id).execute();
  return (await joined(db, tasks, id, id))[0] ?? null;
}

async function joined(db: Reader, tasks: CheckedTask[], from: number, to: number): Promise<TaskRows[]> {
  const frames = await db
    .selectFrom('frames')
    .selectAll()
    .where('task_id', '>=', from)
    .where('task_id', '<=', to)
    .orderBy('task_id')
    .orderBy('frame_index')
    .execute();
  const outputs = await db
    .selectFrom('outputs')
    .select(OUTPUT)
    .where('task_id', '>=', from)
    .where('task_id', '<=', to)
    .orderBy('task_id')
    .orderBy('frame_index')
    .orderBy('place')
    .execute();
  const framesOf = byTask<FrameRow>(frames);
  const outputsOf = byTask<CheckedOutput>(outputs);
  return tasks.map((task) => ({
    task,
    frames: framesOf.get(task.id) ?? [],
    outputs: outputsOf.get(task.id) ?? [],
  }));
}

function byTask<T extends { task_id: number }>(rows: T[]): Map<number, T[]> {
  const map = new Map<number, T[]>();
  for (const row of rows) {
    const own = map.get(row.task_id);
    if (own) own.push(row);
    else map.set(row.task_id, [row]);
  }
  return map;
}

/** Tasks from…to that read a picture which is neither here nor in the bin. */
export async function tasksWithoutInput(db: Reader, from: number, to: number): Promise<number[]> {
  const rows = await db
    .selectFrom('task_inputs')
    .select('task_inputs.task_id')
    .distinct()
    .where('task_inputs.task_id', '>=', from)
    .where('task_inputs.task_id', '<=', to)
    .where(isGone)
    .orderBy('task_inputs.task_id')
    .execute();
  return rows.map(({ task_id }) => task_id);
}

function isGone(eb: ExpressionBuilder<Schema, 'task_inputs'>) {
  const upload = eb
    .selectFrom('uploads')
    .select('uploads.id')
    .whereRef('uploads.id', '=', 'task_inputs.image');
  const output = eb
    .selectFrom('outputs')
    .select('outputs.file')
    .whereRef('outputs.task_id', '=', 'task_inputs.source_task_id')
    .whereRef('outputs.frame_index', '=', 'task_inputs.source_frame');
  const binned = eb
    .selectFrom('bin')
    .select('bin.id')
    .where((of) =>
      of.or([
        sql<SqlBool>`bin.ref = task_inputs.image`,
        sql<SqlBool>`bin.task_id = task_inputs.source_task_id`,
      ]),
    );
  return eb.not(eb.or([eb.exists(upload), eb.exists(output), eb.exists(binned)]));
}

export const isInBinNamed = async (db: Reader, ref: string, task: number | null): Promise<boolean> => {
  const row = await db
    .selectFrom('bin')
    .select('id')
    .where((eb) => eb.or([eb('ref', '=', ref), ...(task === null ? [] : [eb('task_id', '=', task)])]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
};

export async function* pagesOfUploads(
  db: Reader,
): AsyncGenerator<Pick<UploadRow, 'id' | 'file' | 'size_bytes'>[]> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('uploads')
      .select(['id', 'file', 'size_bytes'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(ROWS_AT_ONCE)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.id;
  }
}

/** Whose LoRA is a file of Limner. */
export const trainedStyles = async (db: Reader): Promise<(StyleRow & { lora_path: string })[]> => {
  const rows = await db.selectFrom('styles').selectAll().where('family', 'is not', null).execute();
  return rows.flatMap((row) => (row.lora_path === null ? [] : [{ ...row, lora_path: row.lora_path }]));
};
