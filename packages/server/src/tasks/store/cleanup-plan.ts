/** Counts what a clean-up would delete, in small pieces so that other requests are served in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Caller, CleanupPlan } from '@limner/contract';
import { sql } from 'kysely';
import { isInNoDataset } from '../../datasets/store/uses-of-uploads.ts';
import type { Reader } from '../../db/database.ts';
import { visibleTo } from '../../db/visible-to.ts';
import { uploadsOfPresets } from '../../presets/presets-store.ts';
import { isUnread } from './readers.ts';

const TASKS_AT_ONCE = 1_000;
const NOTHING: CleanupPlan = { tasks: 0, pictures: 0, uploads: 0, size_bytes: 0, kept_tasks: 0 };

export const noPlan = (): CleanupPlan => ({ ...NOTHING });

export async function planCleanup(
  caller: Caller,
  db: Reader,
  tasksBefore: number,
  uploadsBefore: number,
): Promise<CleanupPlan> {
  const plan = noPlan();
  await countTasks(caller, db, tasksBefore, plan);
  await countUploads(caller, db, { tasksBefore, uploadsBefore }, plan);
  plan.kept_tasks = await countKept(caller, db, tasksBefore);
  return plan;
}

/** Tasks of that age that are kept for a starred picture. */
export async function countKept(caller: Caller, db: Reader, before: number): Promise<number> {
  const row = await db
    .selectFrom('tasks')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('stars', '>', sql.lit(0))
    .where('completed_at', '<', before)
    .where(visibleTo(caller))
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}

/** Ended tasks in pieces, in the order in which they ended. */
async function countTasks(caller: Caller, db: Reader, before: number, plan: CleanupPlan): Promise<void> {
  for (let from = { ms: 0, id: 0 }; ; ) {
    const rows = await db
      .selectFrom('tasks')
      .select(['id', 'completed_at'])
      .where('stars', '=', sql.lit(0))
      .where('completed_at', '<', before)
      .where(isUnread)
      .where(visibleTo(caller))
      .where((eb) => eb(eb.refTuple('completed_at', 'id'), '>', eb.tuple(from.ms, from.id)))
      .orderBy('completed_at')
      .orderBy('id')
      .limit(TASKS_AT_ONCE)
      .execute();
    const ids = rows.map(({ id }) => id);
    const last = rows.at(-1);
    if (!last) return;
    const sum = await db
      .selectFrom('outputs')
      .select((eb) => [eb.fn.countAll<number>().as('files'), eb.fn.sum<number>('size_bytes').as('size')])
      .where('task_id', 'in', ids)
      .executeTakeFirst();
    plan.tasks += ids.length;
    plan.pictures += Number(sum?.files ?? 0);
    plan.size_bytes += Number(sum?.size ?? 0);
    from = { ms: last.completed_at ?? 0, id: last.id };
    await nextTurn();
  }
}

/** Those that no task uses which stays, and no preset or data set names. */
async function countUploads(
  caller: Caller,
  db: Reader,
  { tasksBefore, uploadsBefore }: { tasksBefore: number; uploadsBefore: number },
  plan: CleanupPlan,
): Promise<void> {
  const named = new Set(await uploadsOfPresets(db));
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('uploads')
      .select(['uploads.id', 'uploads.size_bytes', 'uploads.created_at'])
      .select((eb) =>
        eb
          .exists(
            eb
              .selectFrom('task_inputs')
              .innerJoin('tasks', 'tasks.id', 'task_inputs.task_id')
              .select('tasks.id')
              .whereRef('task_inputs.image', '=', 'uploads.id')
              .where((stays) =>
                stays.or([
                  stays('tasks.stars', '>', 0),
                  stays('tasks.completed_at', 'is', null),
                  stays('tasks.completed_at', '>=', tasksBefore),
                  stays.not(isUnread()),
                ]),
              ),
          )
          .as('is_used'),
      )
      .where(isInNoDataset)
      .where('uploads.id', '>', after)
      .where(visibleTo(caller))
      .orderBy('uploads.id')
      .limit(TASKS_AT_ONCE)
      .execute();
    for (const row of rows) {
      if (row.is_used || named.has(row.id) || row.created_at >= uploadsBefore) continue;
      plan.uploads += 1;
      plan.size_bytes += row.size_bytes;
    }
    if (rows.length < TASKS_AT_ONCE) return;
    after = rows.at(-1)?.id ?? '';
    await nextTurn();
  }
}
