/** Rows of tasks that do not exist. Only where foreign keys were not enforced. */
import type { Reader, Writer } from '../../db/database.ts';

/** What a task has rows in, those that others refer to last. */
const TABLES = ['outputs', 'task_inputs', 'training_runs', 'frames'] as const;
type Table = (typeof TABLES)[number];

/** Ids of these tasks, in their order. */
export async function tasksThatAreMissing(db: Reader): Promise<number[]> {
  const missing = new Set<number>();
  for (const table of TABLES) {
    const rows = await db
      .selectFrom(table as 'frames')
      .select('task_id')
      .distinct()
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('tasks')
              .select('tasks.id')
              .whereRef('tasks.id', '=', `${table as 'frames'}.task_id`),
          ),
        ),
      )
      .execute();
    for (const { task_id } of rows) missing.add(task_id);
  }
  return [...missing].sort((a, b) => a - b);
}

/** All of one task, by table. */
export async function rowsOfTask(db: Reader, task: number): Promise<Record<Table, object[]>> {
  const of = (table: Table): Promise<object[]> =>
    db
      .selectFrom(table as 'frames')
      .selectAll()
      .where('task_id', '=', task)
      .execute();
  const [outputs, task_inputs, training_runs, frames] = [
    await of('outputs'),
    await of('task_inputs'),
    await of('training_runs'),
    await of('frames'),
  ];
  return { outputs, task_inputs, training_runs, frames };
}

/** Nothing where the task exists. */
export async function removeRowsWithoutTask(trx: Writer, task: number): Promise<void> {
  const found = await trx.selectFrom('tasks').select('id').where('id', '=', task).executeTakeFirst();
  if (found) return;
  for (const table of TABLES)
    await trx
      .deleteFrom(table as 'frames')
      .where('task_id', '=', task)
      .execute();
}
