/** How long a step of a trainer takes on this machine, from its own history. */
import { SYSTEM } from '../access.ts';
import type { Reader } from '../db/database.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import { readPlan } from '../tasks/plan.ts';
import { finishedRuns } from './store/training-rows.ts';

const LATEST = 5;

/** Median over the latest finished runs; null before the first. */
export async function secondsPerStep(
  db: Reader,
  trainer: Pick<StyleTrainer, 'id' | 'stepsOf'>,
): Promise<number | null> {
  const rows = await finishedRuns(SYSTEM, db, trainer.id, LATEST);
  const seconds = rows
    .flatMap((row) => {
      const { training, references } = readPlan(row)?.recipe ?? { training: null, references: [] };
      if (!training) return [];
      const steps = trainer.stepsOf(training.params, references.length);
      return ((row.completed_at ?? 0) - (row.started_at ?? 0)) / 1000 / steps;
    })
    .sort((a, b) => a - b);
  return seconds[seconds.length >> 1] ?? null;
}
