/** Rows that a file without a row may belong to. */
import { FINAL_STATUSES, type OutputName, type TaskKind } from '@limner/contract';
import type { Reader, Writer } from '../../db/database.ts';
import type { FrameRow, OutputRow } from '../../db/schema.ts';
import { lockTask } from '../../tasks/store/task-locks.ts';
import { raiseVersion, recountStars, UNFINISHED } from '../../tasks/store/task-rows.ts';

export interface BareFrame extends Pick<FrameRow, 'status' | 'seed' | 'started_at' | 'completed_at'> {
  kind: TaskKind;
  prompt: string;
}

/**
 * Finished, or left with work in a task that has ended, with no output at all; undefined: there is none. What the task of
 * the second kind says of its end holds for the frame.
 */
export const frameWithoutOutput = (db: Reader, { task, frame }: OutputName): Promise<BareFrame | undefined> =>
  db
    .selectFrom('frames')
    .innerJoin('tasks', 'tasks.id', 'frames.task_id')
    .select(['tasks.kind', 'tasks.prompt', 'frames.status', 'frames.seed', 'frames.started_at'])
    .select((of) => of.fn.coalesce('frames.completed_at', 'tasks.completed_at').as('completed_at'))
    .where('frames.task_id', '=', task)
    .where('frames.frame_index', '=', frame)
    .where((of) =>
      of.or([
        of('frames.status', '=', 'completed'),
        of.and([of('frames.status', 'in', UNFINISHED), of('tasks.status', 'in', [...FINAL_STATUSES])]),
      ]),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outputs')
            .select('outputs.file')
            .where('outputs.task_id', '=', task)
            .where('outputs.frame_index', '=', frame),
        ),
      ),
    )
    .executeTakeFirst();

/** Of a finished frame. */
export async function insertMissingOutput(trx: Writer, row: OutputRow): Promise<void> {
  await lockTask(trx, row.task_id);
  await trx.insertInto('outputs').values(row).execute();
  await recountStars(trx, row.task_id);
  await raiseVersion(trx, row.task_id);
}
