/** The row of a training's run, as the operations on tasks change it. */
import type { Writer } from '../../db/database.ts';
import { removeLossFrom } from './frame-progress.ts';

/** For a run that waits again: it holds what its checkpoint has, and nothing is heard of it. */
export async function returnToCheckpoint(trx: Writer, task_id: number): Promise<void> {
  const run = await trx
    .updateTable('training_runs')
    .set((eb) => ({ reached: eb.ref('step'), phase: null, heard_at: null }))
    .where('task_id', '=', task_id)
    .returning('step')
    .executeTakeFirst();
  await removeLossFrom(trx, task_id, (run?.step ?? 0) + 1);
}
