/** The plan of a task whose stored text cannot be read, from the recipes that its pictures contain. Pure. */
import { type Choice, RECIPE_VERSION } from '@limner/contract';
import type { TaskRow } from '../db/schema.ts';
import { readPlan } from '../tasks/plan.ts';
import type { FoundOutput } from './found-output.ts';
import { restoredTask } from './restored-task.ts';

export type StoredPlan = Pick<TaskRow, 'id' | 'kind' | 'status' | 'lease' | 'lease_until' | 'plan'>;

export const isUnreadable = (stored: StoredPlan): boolean => readPlan(stored) === null;

const NOTE: Choice['note'] = {
  en: 'The stored recipe was damaged. It was restored from the pictures.',
  zh: '存储的配方已损坏，由图片恢复。',
};

/** With the damaged text in `unreadable`; null: no picture contains the recipe, or a later version may read the text. */
export function restoredPlan({ kind, plan }: StoredPlan, outputs: FoundOutput[]): string | null {
  const own = outputs.filter(({ recipe }) => recipe?.kind === kind);
  if (own.length === 0 || isOfLaterVersion(plan)) return null;
  const { recipe, choice } = restoredTask(own).plan;
  return JSON.stringify({ recipe, choice: { ...choice, note: NOTE }, unreadable: plan });
}

function isOfLaterVersion(plan: string): boolean {
  try {
    return JSON.parse(plan).recipe.version > RECIPE_VERSION;
  } catch {
    return false;
  }
}
