/** How long a step of a trainer takes on this machine, from its own history. */
import { SYSTEM } from '../access.ts';
import type { Reader } from '../db/database.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import { readPlan } from '../tasks/plan.ts';
import { finishedRuns } from './store/training-rows.ts';

/** Runs that count, and how many are read to find them. */
const LATEST = 5;
const READ = 50;

export interface Pace {
  secondsPerStep: number;
  /** It was measured in. */
  runs: number;
}

type Paced = Pick<StyleTrainer, 'id' | 'stepsOf' | 'familyOf'>;

/** Median over the latest finished runs, of one family where it is named; null before the first. */
export async function measuredPace(db: Reader, trainer: Paced, family?: string): Promise<Pace | null> {
  const rows = await finishedRuns(SYSTEM, db, trainer.id, family === undefined ? LATEST : READ);
  const seconds = rows
    .flatMap((row) => {
      const { training, references } = readPlan(row)?.recipe ?? { training: null, references: [] };
      if (!training || (family !== undefined && trainer.familyOf(training.params) !== family)) return [];
      const steps = trainer.stepsOf(training.params, references.length);
      return ((row.completed_at ?? 0) - (row.started_at ?? 0)) / 1000 / steps;
    })
    .slice(0, LATEST)
    .sort((a, b) => a - b);
  const secondsPerStep = seconds[seconds.length >> 1];
  return secondsPerStep === undefined ? null : { secondsPerStep, runs: seconds.length };
}
