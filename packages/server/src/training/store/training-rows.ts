/** Rows of trainings. */
import type { Caller } from '@limner/contract';
import type { Reader } from '../../db/database.ts';
import type { FrameRow, TaskRow } from '../../db/schema.ts';
import { visibleTo } from '../../db/visible-to.ts';

const trainings = (caller: Caller, db: Reader) =>
  db.selectFrom('tasks').where('tasks.kind', '=', 'training').where(visibleTo(caller));

export const findTraining = (caller: Caller, db: Reader, id: number): Promise<TaskRow | undefined> =>
  trainings(caller, db).selectAll().where('id', '=', id).executeTakeFirst();

/** Newest first, with ids below `before`. */
export const listTrainings = (
  caller: Caller,
  db: Reader,
  { limit, before = Number.MAX_SAFE_INTEGER, style }: { limit: number; before?: number; style?: number },
): Promise<TaskRow[]> =>
  trainings(caller, db)
    .selectAll()
    .where('id', '<', before)
    .$if(style !== undefined, (all) =>
      all.where(
        'id',
        'in',
        db
          .selectFrom('training_runs')
          .select('task_id')
          .where('style_id', '=', style ?? 0),
      ),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();

/** The runs that train now: those that wait for their device are not among them. */
export const computingRuns = (caller: Caller, db: Reader): Promise<Pick<TaskRow, 'id' | 'family'>[]> =>
  trainings(caller, db)
    .innerJoin('frames', 'frames.task_id', 'tasks.id')
    .select(['tasks.id', 'tasks.family'])
    .where('frames.status', '=', 'running')
    .where('frames.waits_behind', 'is', null)
    .execute();

export type TimedRun = Pick<TaskRow, 'id' | 'kind' | 'plan'> & Pick<FrameRow, 'started_at' | 'completed_at'>;

/** The latest completed runs of a trainer. */
export const finishedRuns = (
  caller: Caller,
  db: Reader,
  trainer: string,
  limit: number,
): Promise<TimedRun[]> =>
  trainings(caller, db)
    .innerJoin('frames', 'frames.task_id', 'tasks.id')
    .select(['tasks.id', 'tasks.kind', 'tasks.plan', 'frames.started_at', 'frames.completed_at'])
    .where('tasks.status', '=', 'completed')
    .where('tasks.family', '=', trainer)
    .orderBy('tasks.id', 'desc')
    .limit(limit)
    .execute();
