/** Writes what ends the contradictions of one task. */
import type { Writer } from '../../db/database.ts';
import type { OutputRow } from '../../db/schema.ts';
import { lockTask } from '../../tasks/store/task-locks.ts';
import { nextVersion } from '../../tasks/store/version.ts';
import { lacksOutput, type Mending, mendingOf, type PaintedFrom } from '../task-faults.ts';
import { checkedTask } from './checked-rows.ts';

export interface Mended extends Mending {
  lane: string;
}

/**
 * Reads the task again, so that what changed meanwhile is no fault. `found`: outputs of its frames whose rows are missing
 * and whose files are there; `paintedFrom`: of missing frames. A dry run writes nothing.
 */
export async function mendTask(
  trx: Writer,
  id: number,
  {
    found,
    paintedFrom,
    isDry,
  }: { found: OutputRow[]; paintedFrom: ReadonlyMap<number, PaintedFrom>; isDry: boolean },
): Promise<Mended | null> {
  await lockTask(trx, id);
  const rows = await checkedTask(trx, id);
  if (!rows) return null;
  const now = Date.now();
  const before = mendingOf(rows, now);
  if (before.faults.length === 0) return null;
  const missing = found.filter(({ frame_index }) => lacksOutput(rows, frame_index));
  const after = mendingOf({ ...rows, outputs: [...rows.outputs, ...missing] }, now, paintedFrom);
  if (!isDry) await write(trx, id, after, missing);
  return { ...after, faults: before.faults, lane: rows.task.lane };
}

async function write(trx: Writer, id: number, { frames, task }: Mending, found: OutputRow[]): Promise<void> {
  for (const frame of frames)
    await trx
      .insertInto('frames')
      .values(frame)
      .onConflict((conflict) => conflict.columns(['task_id', 'frame_index']).doUpdateSet(frame))
      .execute();
  for (const output of found) await trx.insertInto('outputs').values(output).execute();
  await trx
    .updateTable('tasks')
    .set({ ...task, version: nextVersion(Date.now()) })
    .where('id', '=', id)
    .execute();
}
