/** Rows of tasks and uploads that are recovered. */
import { type Caller, imagesOf, parseOutputId } from '@limner/contract';
import { sql } from 'kysely';
import { refuseStranger } from '../../access.ts';
import type { Reader, Writer } from '../../db/database.ts';
import { isPostgres } from '../../db/lock.ts';
import { findOutput } from '../../outputs/outputs-store.ts';
import { findStyle, styleNamed } from '../../styles/styles-store.ts';
import { firstVersion } from '../../tasks/store/version.ts';
import { findUpload } from '../../uploads/uploads-store.ts';
import type { RestoredOutput, RestoredTask } from '../restored-task.ts';

/** Ids further ahead are not given: a file may have any number in its name. */
const MOST_AHEAD = 1_000_000;

/**
 * An id that no task has or will get: the wanted one where that is free, so that recipes which name the task's pictures stay
 * true.
 */
export async function takeTaskId(trx: Writer, wanted: number): Promise<number> {
  const last = await lastTaskId(trx);
  const isFree = await isFreeId(trx, wanted);
  if (!isFree || wanted > last + MOST_AHEAD) return raiseIds(trx, 1);
  if (wanted > last) await raiseIds(trx, wanted - last);
  return wanted;
}

async function lastTaskId(trx: Writer): Promise<number> {
  const last = isPostgres(trx)
    ? sql<{ last: number | null }>`select pg_sequence_last_value(${SEQUENCE}::regclass) as last`
    : sql<{ last: number | null }>`select seq as last from sqlite_sequence where name = 'tasks'`;
  return Number((await last.execute(trx)).rows[0]?.last ?? 0);
}

const SEQUENCE = sql`pg_get_serial_sequence('tasks', 'id')`;

/** Takes so many ids; the last of them. */
async function raiseIds(trx: Writer, count: number): Promise<number> {
  if (isPostgres(trx)) {
    const { rows } = await sql<{ last: number }>`select max(nextval(${SEQUENCE}::regclass)) as last
      from generate_series(1, ${sql.lit(count)})`.execute(trx);
    return Number(rows[0]?.last);
  }
  await sql`insert into sqlite_sequence (name, seq) select 'tasks', 0
    where not exists (select 1 from sqlite_sequence where name = 'tasks')`.execute(trx);
  const { rows } = await sql<{ last: number }>`update sqlite_sequence set seq = seq + ${sql.lit(count)}
    where name = 'tasks' returning seq as last`.execute(trx);
  return Number(rows[0]?.last);
}

/**
 * Not that of a task in the bin, whose pictures would have the same addresses, nor of files that wait to be removed, nor of
 * rows whose task is missing.
 */
async function isFreeId(trx: Writer, id: number): Promise<boolean> {
  const task = trx.selectFrom('tasks').select('id').where('id', '=', id);
  const binned = trx.selectFrom('bin').select('id').where('task_id', '=', id).limit(1);
  const trashed = trx
    .selectFrom('trash')
    .select('file')
    .where((eb) =>
      eb.or([
        begins(`outputs/${id}_`),
        begins(`outputs/rmbg_${id}.`),
        eb('file', '=', `loras/trained-${id}.safetensors`),
      ]),
    )
    .limit(1);
  const frame = trx.selectFrom('frames').select('task_id').where('task_id', '=', id).limit(1);
  const output = trx.selectFrom('outputs').select('task_id').where('task_id', '=', id).limit(1);
  for (const query of [task, binned, trashed, frame, output])
    if (await query.executeTakeFirst()) return false;
  return true;
}

const begins = (prefix: string) => sql<boolean>`substr(file, 1, ${sql.lit(prefix.length)}) = ${prefix}`;

/** A completed task with all its rows. It ends now, so that a clean-up by age does not take it at once. */
export async function insertRestoredTask(
  caller: Caller,
  trx: Writer,
  {
    id,
    task,
    outputs,
    searchText,
  }: { id: number; task: RestoredTask; outputs: RestoredOutput[]; searchText: string },
): Promise<void> {
  refuseStranger(caller);
  const { plan, kind, createdMs, frames } = task;
  const now = Date.now();
  await trx
    .insertInto('tasks')
    .values({
      id,
      kind,
      status: 'completed',
      lane: plan.choice.engine,
      priority: 0,
      family: plan.choice.family,
      prompt: plan.recipe.prompt,
      search_text: searchText,
      style_id: await styleIdOf(caller, trx, task),
      source_task_id: null,
      plan: JSON.stringify(plan),
      total_frames: frames.length,
      stars: outputs.filter(({ starred }) => starred === 1).length,
      version: firstVersion(now),
      created_at: Math.min(createdMs, now),
      completed_at: now,
    })
    .execute();
  for (const frame of frames)
    await trx
      .insertInto('frames')
      .values({ ...frame, task_id: id, status: 'completed', tries: 1, progress: 1 })
      .execute();
  for (const output of outputs)
    await trx
      .insertInto('outputs')
      .values({ ...output, task_id: id })
      .execute();
  await insertInputs(caller, trx, id, imagesOf(plan.recipe));
}

async function styleIdOf(caller: Caller, db: Reader, { plan }: RestoredTask): Promise<number | null> {
  const { style } = plan.recipe;
  if (!style) return null;
  const byId = style.id === null ? undefined : await findStyle(caller, db, style.id);
  if (byId?.name === style.name) return byId.id;
  return (await styleNamed(caller, db, style.name))?.id ?? null;
}

/** Those that are here: they are protected from clean-up as those of any task. */
async function insertInputs(caller: Caller, trx: Writer, task: number, images: string[]): Promise<void> {
  for (const image of images) {
    const name = parseOutputId(image);
    const found = name ? await findOutput(caller, trx, name) : await findUpload(caller, trx, image);
    if (found)
      await trx
        .insertInto('task_inputs')
        .values({
          task_id: task,
          image,
          source_task_id: name?.task ?? null,
          source_frame: name?.frame ?? null,
        })
        .execute();
  }
}

export async function isFreeUploadId(db: Reader, id: string): Promise<boolean> {
  const here = db.selectFrom('uploads').select('id').where('id', '=', id);
  const binned = db
    .selectFrom('bin')
    .select('id')
    .where('kind', '=', 'upload')
    .where('ref', '=', id)
    .limit(1);
  const trashed = db
    .selectFrom('trash')
    .select('file')
    .where(begins(`uploads/${id}.`))
    .limit(1);
  for (const query of [here, binned, trashed]) if (await query.executeTakeFirst()) return false;
  return true;
}
