/** Rows that a clean-up may remove. It first reads ids, locks them, and then reads the rows. */
import type { Caller } from '@limner/contract';
import { type ExpressionBuilder, sql } from 'kysely';
import { isInNoDataset } from '../../datasets/store/uses-of-uploads.ts';
import type { Writer } from '../../db/database.ts';
import type { Schema, TaskRow, UploadRow } from '../../db/schema.ts';
import { visibleTo } from '../../db/visible-to.ts';
import { uploadsOfPresets } from '../../presets/presets-store.ts';
import { isUnread } from './readers.ts';

export interface OldTasks {
  /** Tasks that ended before this time (ms), without a star, and not read by other tasks. */
  before: number;
  /** `unwanted`: only failed and cancelled tasks without outputs. */
  which: 'all' | 'unwanted';
}

const oldTasks = (caller: Caller, trx: Writer, { before, which }: OldTasks) =>
  trx
    .selectFrom('tasks')
    .where(visibleTo(caller))
    .where('stars', '=', sql.lit(0))
    .where('completed_at', '<', before)
    .where(isUnread)
    .$if(which === 'unwanted', (tasks) =>
      tasks.where('status', 'in', ['failed', 'cancelled']).where(hasNoOutput),
    )
    .orderBy('completed_at');

const hasNoOutput = (eb: ExpressionBuilder<Schema, 'tasks'>) =>
  eb.not(eb.exists(eb.selectFrom('outputs').select('place').whereRef('outputs.task_id', '=', 'tasks.id')));

export async function oldTaskIds(
  caller: Caller,
  trx: Writer,
  which: OldTasks,
  limit: number,
): Promise<number[]> {
  return (await oldTasks(caller, trx, which).select('id').limit(limit).execute()).map(({ id }) => id);
}

export const oldTasksAmong = async (
  caller: Caller,
  trx: Writer,
  which: OldTasks,
  ids: number[],
): Promise<TaskRow[]> =>
  ids.length === 0 ? [] : oldTasks(caller, trx, which).selectAll().where('id', 'in', ids).execute();

/** Created before this time, not read by a task, and not named by a preset or a data set. */
async function unusedUploads(caller: Caller, trx: Writer, before: number) {
  const named = await uploadsOfPresets(trx);
  return trx
    .selectFrom('uploads')
    .where(visibleTo(caller))
    .where('created_at', '<', before)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('task_inputs').select('image').whereRef('image', '=', 'uploads.id'))),
    )
    .where(isInNoDataset)
    .$if(named.length > 0, (uploads) => uploads.where('id', 'not in', named));
}

export async function unusedUploadIds(
  caller: Caller,
  trx: Writer,
  before: number,
  limit: number,
): Promise<string[]> {
  const unused = await unusedUploads(caller, trx, before);
  return (await unused.select('id').limit(limit).execute()).map(({ id }) => id);
}

export async function unusedUploadsAmong(
  caller: Caller,
  trx: Writer,
  before: number,
  ids: string[],
): Promise<UploadRow[]> {
  if (ids.length === 0) return [];
  return (await unusedUploads(caller, trx, before)).selectAll().where('id', 'in', ids).execute();
}
