import type { TaskRow } from '../db/schema.ts';
import type { Engines } from '../engines/engines.ts';
import { readPlan } from './plan.ts';

/** Frames of the task that run at once. */
export function slotsOf(engines: Pick<Engines, 'get'>, task: TaskRow): number {
  const engine = readPlan(task)?.choice.engine;
  return Math.max(1, (engine === undefined ? undefined : engines.get(engine)?.slots()) ?? 1);
}
