/**
 * Locks of tasks and of what tasks are made from, see `db/lock.ts`. A new task locks what it reads only against
 * removal, so that a running batch can continue.
 */
import { outputId, parseOutputId, StudioError } from '@limner/contract';
import type { Writer } from '../../db/database.ts';
import { isPostgres, lockName } from '../../db/lock.ts';
import { statement } from '../../db/statement.ts';

const taskToChange = statement<{ id: number }, { id: number }>((db, { id }) =>
  db.selectFrom('tasks').select('id').where('id', '=', id).forNoKeyUpdate(),
);

/** Before its frames are read or written. */
export async function lockTask(trx: Writer, id: number): Promise<void> {
  if (isPostgres(trx)) await taskToChange(trx, { id });
}

/** Before deciding whether they, or their pictures, may be deleted. */
export async function lockTasksToRemove(trx: Writer, ids: number[]): Promise<void> {
  if (isPostgres(trx) && ids.length > 0)
    await trx.selectFrom('tasks').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
}

export async function lockUploadsToRemove(trx: Writer, ids: string[]): Promise<void> {
  if (isPostgres(trx) && ids.length > 0)
    await trx.selectFrom('uploads').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
}

/**
 * Locks what a new task reads until its row exists. The caller has found it in this transaction; on Postgres it may
 * have been removed since.
 * @throws StudioError `image_not_found`, `style_not_found`
 */
export async function holdSources(
  trx: Writer,
  { images, styleId }: { images: string[]; styleId: number | null },
): Promise<void> {
  if (!isPostgres(trx)) return;
  if (styleId !== null) await holdStyle(trx, styleId);
  if (images.length === 0) return;
  const here = new Set([...(await heldUploads(trx, images)), ...(await heldOutputs(trx, images))]);
  const ref = images.find((image) => !here.has(image));
  if (ref !== undefined) throw new StudioError('image_not_found', { data: { ref } });
}

async function holdStyle(trx: Writer, id: number): Promise<void> {
  const style = trx.selectFrom('styles').select('id').where('id', '=', id).forKeyShare();
  if (!(await style.executeTakeFirst()))
    throw new StudioError('style_not_found', { data: { id }, field: 'style_id' });
}

async function heldUploads(trx: Writer, images: string[]): Promise<string[]> {
  const query = trx.selectFrom('uploads').select('id').where('id', 'in', images).orderBy('id');
  return (await query.forKeyShare().execute()).map(({ id }) => id);
}

async function heldOutputs(trx: Writer, images: string[]): Promise<string[]> {
  const tasks = images.flatMap((image) => parseOutputId(image)?.task ?? []);
  await trx.selectFrom('tasks').select('id').where('id', 'in', tasks).orderBy('id').forKeyShare().execute();
  const rows = await trx
    .selectFrom('outputs')
    .select(['task_id as task', 'frame_index as frame', 'place'])
    .where('task_id', 'in', tasks)
    .execute();
  return rows.map(outputId);
}

/**
 * Two training runs with one name would make two styles with one name.
 * @throws StudioError `style_name_taken`
 */
export async function holdTrainingName(trx: Writer, name: string): Promise<void> {
  await lockName(trx, `training ${name}`);
  const row = await trx
    .selectFrom('tasks')
    .select('id')
    .where('kind', '=', 'training')
    .where('status', 'in', ['queued', 'running'])
    .where('prompt', '=', name)
    .executeTakeFirst();
  if (row) throw new StudioError('style_name_taken', { data: { name }, field: 'style_name' });
}
