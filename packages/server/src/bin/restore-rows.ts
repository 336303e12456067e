/** Inserts the rows of a bin item into their tables again, with statuses and versions that are valid now. */
import { StudioError } from '@limner/contract';
import { SYSTEM } from '../access.ts';
import { setNamed } from '../datasets/store/dataset-rows.ts';
import type { Writer } from '../db/database.ts';
import type { BinRow, DatasetRow, FrameRow, TaskRow } from '../db/schema.ts';
import { NOTHING_PAINTED } from '../tasks/state.ts';
import { lockTask } from '../tasks/store/task-locks.ts';
import { framesOf, readTask, updateTaskSummary } from '../tasks/store/task-rows.ts';
import { versionAfterDeletion } from '../tasks/store/version.ts';
import { insertKeptRows, type KeptRows } from './store/bin-rows.ts';

/** @throws StudioError `bin_task_missing` for a picture whose task does not exist */
export async function restoreRows(trx: Writer, item: BinRow, rows: KeptRows): Promise<void> {
  if (item.kind === 'task') return insertKeptRows(trx, asRestored(item, rows));
  if (item.kind === 'dataset') return insertKeptRows(trx, await setAsRestored(trx, rows));
  if (item.kind === 'upload') return insertKeptRows(trx, uploadAsRestored(item, rows));
  await restorePicture(trx, item, rows);
}

/**
 * No worker holds a restored task, so its running frames wait again. The age of a task that a clean-up took begins again, so
 * that the next clean-up does not take it at once.
 */
function asRestored({ cause }: BinRow, rows: KeptRows): KeptRows {
  const tasks = (rows.tasks as TaskRow[]).map((task) => ({
    ...task,
    version: versionAfterDeletion(Date.now(), task.version),
    lease: null,
    lease_until: null,
    status: task.status === 'running' ? 'queued' : task.status,
    completed_at: cause === 'cleaned' && task.completed_at !== null ? Date.now() : task.completed_at,
  }));
  const frames = (rows.frames as FrameRow[] | undefined)?.map((frame) =>
    frame.status === 'running' ? { ...frame, status: 'queued', ...NOTHING_PAINTED } : frame,
  );
  return { ...rows, tasks, frames };
}

/** As for tasks, its age begins again. */
function uploadAsRestored({ cause }: BinRow, rows: KeptRows): KeptRows {
  if (cause !== 'cleaned') return rows;
  return { ...rows, uploads: rows.uploads?.map((upload) => ({ ...upload, created_at: Date.now() })) };
}

/** Another set may have taken its name. */
async function setAsRestored(trx: Writer, rows: KeptRows): Promise<KeptRows> {
  const [set] = rows.datasets as DatasetRow[];
  if (!set) return rows;
  let name = set.name;
  for (let number = 2; await setNamed(SYSTEM, trx, name); number += 1) name = `${set.name} (${number})`;
  return { ...rows, datasets: [{ ...set, name }] };
}

async function restorePicture(trx: Writer, { task_id }: BinRow, rows: KeptRows): Promise<void> {
  const id = task_id ?? 0;
  await lockTask(trx, id);
  const here = await readTask(SYSTEM, trx, id);
  const [output] = rows.outputs as { frame_index: number }[];
  const hasFrame =
    rows.frames !== undefined || here?.frames.some((frame) => frame.frame_index === output?.frame_index);
  if (!here || !hasFrame) throw new StudioError('bin_task_missing', { data: { task: id } });
  await insertKeptRows(trx, rows);
  await updateTaskSummary(trx, { task: here.task, frames: await framesOf(trx, id) });
}
