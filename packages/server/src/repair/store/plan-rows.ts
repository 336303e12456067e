/** Stored plans, as a check reads and replaces them. */
import type { Reader, Writer } from '../../db/database.ts';
import { lockTask } from '../../tasks/store/task-locks.ts';
import { nextVersion } from '../../tasks/store/version.ts';
import type { StoredPlan } from '../restored-plan.ts';

/** Of the tasks from…to. */
export const storedPlans = (db: Reader, from: number, to: number): Promise<StoredPlan[]> =>
  db
    .selectFrom('tasks')
    .select(['id', 'kind', 'status', 'lease', 'lease_until', 'plan'])
    .where('id', '>=', from)
    .where('id', '<=', to)
    .orderBy('id')
    .execute();

/** False: another process has changed it meanwhile. */
export async function replacePlan(trx: Writer, { id, plan }: StoredPlan, restored: string): Promise<boolean> {
  await lockTask(trx, id);
  const { numUpdatedRows } = await trx
    .updateTable('tasks')
    .set({ plan: restored, version: nextVersion(Date.now()) })
    .where('id', '=', id)
    .where('plan', '=', plan)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
