/** Deletes rows and notes their files in `trash` until these are removed. */
import type { Writer } from '../../db/database.ts';
import type { OutputName } from '../../outputs/output-name.ts';
import { framesOf } from './task-rows.ts';

/** Where a training run that has not ended well keeps what it has reached. */
export const checkpointKey = (task: number): string => `training/${task}.checkpoint`;

export const WORK_FOLDERS = 'runs/';
/** The work folder of a training run. As a folder it ends in `/`. */
export const workFolder = (task: number): string => `${WORK_FOLDERS}${task}/`;

/** Removes a task and remembers its files until they are gone too. */
export async function removeTask(trx: Writer, id: number): Promise<string[]> {
  const frames = await framesOf(trx, id);
  const files = frames.flatMap(({ outputs }) => outputs.map(({ file }) => file));
  const removed = await trx.deleteFrom('tasks').where('id', '=', id).returning('kind').executeTakeFirst();
  if (removed?.kind === 'training') files.push(checkpointKey(id), workFolder(id));
  await rememberFiles(trx, files);
  return files;
}

/** Removes one frame and remembers its files until they are gone too. The caller updates the task's row. */
export async function removeFrame(trx: Writer, id: number, index: number): Promise<void> {
  const outputs = await trx
    .deleteFrom('outputs')
    .where('task_id', '=', id)
    .where('frame_index', '=', index)
    .returning('file')
    .execute();
  await trx.deleteFrom('frames').where('task_id', '=', id).where('frame_index', '=', index).execute();
  await rememberFiles(
    trx,
    outputs.map(({ file }) => file),
  );
}

/** Removes one of several outputs of a frame and remembers its file until it is gone too. */
export async function removeOutput(trx: Writer, { task, frame, place }: OutputName): Promise<void> {
  const removed = await trx
    .deleteFrom('outputs')
    .where('task_id', '=', task)
    .where('frame_index', '=', frame)
    .where('place', '=', place)
    .returning('file')
    .executeTakeFirst();
  if (removed) await rememberFiles(trx, [removed.file]);
}

export async function rememberFiles(trx: Writer, files: string[]): Promise<void> {
  if (files.length === 0) return;
  await trx
    .insertInto('trash')
    .values(files.map((file) => ({ file })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
