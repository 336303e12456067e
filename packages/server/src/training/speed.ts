/** How long a step of a trainer takes on this machine, from its own history. */
import type { Reader } from '../db/database.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import { planOf } from '../tasks/plan.ts';

const LATEST = 5;

/** Median over the latest finished runs; null before the first. */
export async function secondsPerStep(
  db: Reader,
  trainer: Pick<StyleTrainer, 'id' | 'stepsOf'>,
): Promise<number | null> {
  const rows = await db
    .selectFrom('tasks')
    .innerJoin('frames', 'frames.task_id', 'tasks.id')
    .select(['tasks.id', 'tasks.kind', 'tasks.plan', 'frames.started_at', 'frames.completed_at'])
    .where('tasks.kind', '=', 'training')
    .where('tasks.status', '=', 'completed')
    .where('tasks.family', '=', trainer.id)
    .orderBy('tasks.id', 'desc')
    .limit(LATEST)
    .execute();
  const seconds = rows
    .map((row) => {
      const steps = trainer.stepsOf(planOf(row).recipe.training?.params ?? {});
      return ((row.completed_at ?? 0) - (row.started_at ?? 0)) / 1000 / steps;
    })
    .sort((a, b) => a - b);
  return seconds[seconds.length >> 1] ?? null;
}
