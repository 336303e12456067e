/**
 * From a request to a plan: everything that decides what the frames look like, fixed when the task is made. Pure: what
 * chance there is comes in as `random`.
 */
import {
  Choice,
  DEFAULT_NEGATIVE_PROMPT,
  type Family,
  type FrameRecipe,
  isSeedAbove,
  MAX_DRAWN_SEED,
  maxSeedOf,
  type Recipe,
  readRecipe,
  type Seed,
  StudioError,
  seedPlus,
  storedSeed,
  type TaskKind,
} from '@limner/contract';
import type { FrameRow, TaskRow } from '../db/schema.ts';
import type { Chosen } from '../engines/engines.ts';

/** What the frames of a task share, as it is stored: the recipe with its family, size and style, and who paints it. */
export interface TaskPlan {
  recipe: Recipe;
  choice: Choice;
}

/** Parameters that families need not list: how references are joined, and a workflow's own placeholders. */
const ALWAYS_READ = ['reference_mode', 'inputs', 'model', 'factor'];

/** Kinds whose picture keeps the size of what it is made from, unless one is asked. */
const SIZED_BY_INPUT: TaskKind[] = ['edit', 'control_preview'];

const plansOfRows = new WeakMap<object, TaskPlan>();

/** The plan of a stored task, whichever version wrote it; read once per row. It is shared: nobody may change it. */
export function planOf(task: Pick<TaskRow, 'id' | 'kind' | 'plan'>): Readonly<TaskPlan> {
  const known = plansOfRows.get(task);
  if (known) return known;
  const stored = JSON.parse(task.plan);
  const recipe = readRecipe(stored, task.kind);
  const choice = Choice.safeParse(stored.choice);
  if (!recipe || !choice.success) throw new Error(`the plan of task ${task.id} cannot be read`);
  const plan = { recipe, choice: choice.data };
  plansOfRows.set(task, plan);
  return plan;
}

/** What one frame of a task is painted from. */
export const frameRecipe = (plan: TaskPlan, { seed }: Pick<FrameRow, 'seed'>): FrameRecipe => ({
  ...plan.recipe,
  family: plan.choice.family,
  seed: storedSeed(seed),
});

/** A random seed: uniform in 0…2³²−1. `random` gives 0 ≤ x < 1. */
export const randomSeed = (random: () => number): number => Math.floor(random() * (MAX_DRAWN_SEED + 1));

/**
 * null: each frame draws its own. Given: seed + index, around the end of the family's range. 0 is a seed.
 * @throws StudioError `invalid_request` for a seed beyond the family's range
 */
export function frameSeeds(
  seed: Seed | null,
  count: number,
  family: Pick<Family, 'label' | 'max_seed'>,
  random: () => number,
): Seed[] {
  const max = maxSeedOf(family);
  if (seed !== null && isSeedAbove(seed, max)) throw seedTooGreat(family.label, max);
  return Array.from({ length: count }, (_, index) =>
    seed === null ? randomSeed(random) : seedPlus(seed, index, max),
  );
}

function seedTooGreat({ en, zh }: Family['label'], max: Seed): StudioError {
  const reason = {
    en: `must be at most ${max}, the largest seed of ${en}`,
    zh: `最多为 ${max}，这是「${zh}」支持的最大种子`,
  };
  return new StudioError('invalid_request', { data: { reason }, field: 'seed' });
}

/**
 * The size a family paints, in pixels: asked or default, rounded to its step.
 * @throws StudioError `size_not_supported` beyond what it can.
 */
export function sizeFor(family: Family, { kind, width, height }: Pick<Recipe, 'kind' | 'width' | 'height'>) {
  const { size } = family;
  if (!size || (SIZED_BY_INPUT.includes(kind) && width === null && height === null))
    return { width: null, height: null };
  const side = (asked: number | null, field: string): number => {
    const value = asked ?? size.default;
    if (value > size.max)
      throw new StudioError('size_not_supported', { data: { family: family.label, max: size.max }, field });
    const stepped = Math.round(value / size.step) * size.step;
    return Math.min(size.max, Math.max(size.min, stepped));
  };
  return { width: side(width, 'width'), height: side(height, 'height') };
}

/** Fields that were given and change nothing on this family. */
export function ignoredFields(
  family: Family,
  recipe: Pick<Recipe, 'params' | 'negative_prompt' | 'style' | 'loras'>,
): string[] {
  const effective = new Set<string>(family.params.filter((param) => param.effect).map((param) => param.key));
  const ignored = Object.entries(recipe.params)
    .filter(([key, value]) => value !== undefined && !ALWAYS_READ.includes(key) && !effective.has(key))
    .map(([key]) => `params.${key}`);
  const asksNegative = recipe.negative_prompt !== '' && recipe.negative_prompt !== DEFAULT_NEGATIVE_PROMPT;
  if (asksNegative && !effective.has('negative_prompt')) ignored.push('negative_prompt');
  if (recipe.style?.lora_path && !family.loras && recipe.style.family !== family.id)
    ignored.push('style.lora_path');
  if (recipe.loras.length > 0 && !family.loras) ignored.push('loras');
  return ignored;
}

/** The plan of a task, once its family and engine are chosen. */
export const planFrom = (recipe: Recipe, { family, choice }: Chosen): TaskPlan => ({
  recipe: { ...recipe, family: family.id, ...sizeFor(family, recipe) },
  choice: { ...choice, ignored: ignoredFields(family, recipe) },
});
