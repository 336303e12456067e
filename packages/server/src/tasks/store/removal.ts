/**
 * Deletes rows. The bin keeps the rows and their files. Without a bin the files are listed in `trash` until they are removed.
 */

import { type OutputName, outputId, type TaskKind } from '@limner/contract';
import { insertBinItem, rowsOfTask } from '../../bin/store/bin-rows.ts';
import type { Writer } from '../../db/database.ts';
import type { BinRow, OutputRow, UploadRow } from '../../db/schema.ts';
import { starNoteKey } from '../../outputs/star-notes.ts';
import { framesOf } from './task-rows.ts';

export interface Removal {
  cause: BinRow['cause'];
  /** True: keeps the rows in the bin. False: there is no bin. */
  keep: boolean;
}

/** The checkpoint of a training run that is not completed. */
export const checkpointKey = (task: number): string => `training/${task}.checkpoint`;

export const WORK_FOLDERS = 'runs/';
const WORKED_IN_FOLDERS: readonly TaskKind[] = ['training', 'animation'];
/** The work folder of a training or an animation. As a folder it ends in `/`. */
export const workFolder = (task: number): string => `${WORK_FOLDERS}${task}/`;

/** Removes a task with all its rows. Returns its outputs. */
export async function removeTask(trx: Writer, id: number, { cause, keep }: Removal): Promise<OutputRow[]> {
  const outputs = (await framesOf(trx, id)).flatMap((frame) => frame.outputs);
  const rows = await rowsOfTask(trx, id);
  const removed = await trx.deleteFrom('tasks').where('id', '=', id).returningAll().executeTakeFirst();
  if (!removed) return [];
  const files = outputs.map(({ file }) => file);
  if (removed.kind === 'training') files.push(checkpointKey(id));
  if (WORKED_IN_FOLDERS.includes(removed.kind)) files.push(workFolder(id));
  const item = { ref: String(id), taskId: id, title: removed.prompt, sizeBytes: sizeOf(outputs) };
  if (keep) await insertBinItem(trx, { kind: 'task', ...item, rows, files, cause });
  else await rememberFiles(trx, removed.stars > 0 ? [...files, starNoteKey(id)] : files);
  return outputs;
}

/** Removes one frame with its outputs. The caller updates the task's row. */
export async function removeFrame(trx: Writer, name: OutputName, removal: Removal): Promise<void> {
  const { task, frame } = name;
  const outputs = await trx
    .deleteFrom('outputs')
    .where('task_id', '=', task)
    .where('frame_index', '=', frame)
    .returningAll()
    .execute();
  const frames = await trx
    .deleteFrom('frames')
    .where('task_id', '=', task)
    .where('frame_index', '=', frame)
    .returningAll()
    .execute();
  await keepPicture(trx, name, { frames, outputs }, removal);
}

/** Removes some of several outputs of a frame: that of `name`, and those that belong to it. */
export async function removeOutputs(
  trx: Writer,
  name: OutputName,
  places: readonly number[],
  removal: Removal,
): Promise<void> {
  const outputs = await trx
    .deleteFrom('outputs')
    .where('task_id', '=', name.task)
    .where('frame_index', '=', name.frame)
    .where('place', 'in', places)
    .returningAll()
    .execute();
  await keepPicture(trx, name, { outputs }, removal);
}

async function keepPicture(
  trx: Writer,
  name: OutputName,
  rows: { frames?: object[]; outputs: OutputRow[] },
  { cause, keep }: Removal,
): Promise<void> {
  const files = rows.outputs.map(({ file }) => file);
  if (!keep) return rememberFiles(trx, files);
  const task = await trx.selectFrom('tasks').select('prompt').where('id', '=', name.task).executeTakeFirst();
  const item = { ref: outputId(name), taskId: name.task, title: task?.prompt ?? '' };
  await insertBinItem(trx, { kind: 'picture', ...item, rows, files, sizeBytes: sizeOf(rows.outputs), cause });
}

/** Removes uploads that no task uses. */
export async function removeUploads(
  trx: Writer,
  uploads: UploadRow[],
  { cause, keep }: Removal,
): Promise<void> {
  if (uploads.length === 0) return;
  const ids = uploads.map(({ id }) => id);
  await trx.deleteFrom('uploads').where('id', 'in', ids).execute();
  if (!keep)
    return rememberFiles(
      trx,
      uploads.map(({ file }) => file),
    );
  for (const upload of uploads) {
    const item = { ref: upload.id, taskId: null, title: upload.name, sizeBytes: upload.size_bytes };
    await insertBinItem(trx, {
      kind: 'upload',
      ...item,
      rows: { uploads: [upload] },
      files: [upload.file],
      cause,
    });
  }
}

const sizeOf = (outputs: OutputRow[]): number =>
  outputs.reduce((bytes, { size_bytes }) => bytes + size_bytes, 0);

export async function rememberFiles(trx: Writer, files: string[]): Promise<void> {
  if (files.length === 0) return;
  await trx
    .insertInto('trash')
    .values(files.map((file) => ({ file })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
