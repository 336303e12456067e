/** Rows that go, and the files they leave: their names are kept in `trash` until the files are gone too. */
import type { Writer } from '../../db/database.ts';
import { framesOf } from './task-rows.ts';

/** Where a training run that has not ended well keeps what it has reached. */
export const checkpointKey = (task: number): string => `training/${task}.checkpoint`;

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

export async function rememberFiles(trx: Writer, files: string[]): Promise<void> {
  if (files.length === 0) return;
  await trx
    .insertInto('trash')
    .values(files.map((file) => ({ file })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
