/**
 * From a request to a plan: everything that decides what the frames look like, fixed when the task is made. Pure: what
 * chance there is comes in as `random`.
 */
import {
  type Choice,
  type ControlNet,
  DEFAULT_NEGATIVE_PROMPT,
  type Family,
  isSeedAbove,
  MAX_DRAWN_SEED,
  maxSeedOf,
  type Params,
  type Recipe,
  readRecipe,
  type Seed,
  StudioError,
  seedPlus,
  type TaskKind,
} from '@limner/contract';
import type { TaskRow } from '../db/schema.ts';
import type { FrameLora, FrameRequest, FrameStyle, FrameTraining } from '../engines/engine.ts';
import type { Chosen, Wish } from '../engines/engines.ts';

/** What the frames of a task share. Stored as JSON; pictures are named by id. */
export interface TaskPlan {
  type: FrameRequest['type'];
  /** As typed; the engine's prompt has the style's trigger words before it. */
  prompt: string;
  enginePrompt: string;
  negativePrompt: string | null;
  inputImage: string | null;
  maskImage: string | null;
  references: string[];
  controlnet: ControlNet | null;
  loras: FrameLora[];
  /** As asked; null when it was drawn. */
  seed: Seed | null;
  width: number | null;
  height: number | null;
  params: Params;
  style: FrameStyle | null;
  choice: Choice;
  training?: FrameTraining;
}

/** Parameters that families need not list: how references are joined, and a workflow's own placeholders. */
const ALWAYS_READ = ['reference_mode', 'inputs', 'model', 'factor'];

/** Kinds whose picture keeps the size of what it is made from, unless one is asked. */
const SIZED_BY_INPUT: TaskKind[] = ['edit', 'control_preview'];

const plansOfRows = new WeakMap<object, TaskPlan>();

/** The plan of a stored task, read once per row. It is shared: nobody may change it. */
export function planOf(task: { plan: string }): Readonly<TaskPlan> {
  const known = plansOfRows.get(task);
  if (known) return known;
  const plan = JSON.parse(task.plan) as TaskPlan;
  plansOfRows.set(task, plan);
  return plan;
}

export function recipeOf({ id, kind, plan }: Pick<TaskRow, 'id' | 'kind' | 'plan'>): Recipe {
  const recipe = readRecipe(JSON.parse(plan), kind);
  if (!recipe) throw new Error(`the recipe of task ${id} cannot be read`);
  return recipe;
}

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
    en: `must be at most ${max}, the greatest seed that ${en} takes`,
    zh: `最多为 ${max}，这是「${zh}」支持的最大种子`,
  };
  return new StudioError('invalid_request', { data: { reason }, field: 'seed' });
}

/** The style's trigger words come first, unless the prompt says them already. */
export function withTriggerWords(prompt: string, triggerWords: string): string {
  const words = triggerWords.trim();
  if (words === '' || prompt.toLowerCase().includes(words.toLowerCase())) return prompt;
  return `${words}, ${prompt}`;
}

/**
 * The size a family paints, in pixels: asked or default, rounded to its step.
 * @throws StudioError `size_not_supported` beyond what it can.
 */
export function sizeFor(family: Family, kind: TaskKind, width?: number | null, height?: number | null) {
  const { size } = family;
  if (!size || (SIZED_BY_INPUT.includes(kind) && width == null && height == null))
    return { width: null, height: null };
  const side = (asked: number | null | undefined, field: string): number => {
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
  wish: Pick<Wish, 'params' | 'negativePrompt' | 'style' | 'loras'>,
): string[] {
  const effective = new Set<string>(family.params.filter((param) => param.effect).map((param) => param.key));
  const ignored = Object.entries(wish.params)
    .filter(([key, value]) => value !== undefined && !ALWAYS_READ.includes(key) && !effective.has(key))
    .map(([key]) => `params.${key}`);
  const asksNegative = wish.negativePrompt !== '' && wish.negativePrompt !== DEFAULT_NEGATIVE_PROMPT;
  if (asksNegative && !effective.has('negative_prompt')) ignored.push('negative_prompt');
  if (wish.style?.loraPath && !family.loras && wish.style.family !== family.id)
    ignored.push('style.lora_path');
  if ((wish.loras ?? []).length > 0 && !family.loras) ignored.push('loras');
  return ignored;
}

/** Of a request, what is told again or fixed in the plan. */
export interface AskedPlan {
  /** As typed, without trigger words. */
  prompt?: string;
  negative_prompt?: string;
  seed?: Seed | null;
  width?: number | null;
  height?: number | null;
}

/** The plan of a task, once its family and engine are chosen. */
export function planFrom(wish: Wish, { family, choice }: Chosen, asked: AskedPlan): TaskPlan {
  return {
    type: wish.type,
    prompt: asked.prompt ?? '',
    enginePrompt: wish.prompt,
    negativePrompt: asked.negative_prompt ?? null,
    inputImage: wish.inputImage,
    maskImage: wish.maskImage,
    references: wish.references,
    controlnet: wish.controlnet ? { ...wish.controlnet, enabled: true } : null,
    loras: wish.loras ?? [],
    seed: asked.seed ?? null,
    ...sizeFor(family, wish.kind, asked.width, asked.height),
    params: wish.params,
    style: wish.style,
    choice: { ...choice, ignored: ignoredFields(family, wish) },
    training: wish.training,
  };
}

/** Every picture a plan reads, once. */
export const imagesOf = (plan: TaskPlan): string[] => [
  ...new Set(
    [plan.inputImage, plan.maskImage, ...plan.references, plan.controlnet?.image].filter(
      (image) => image != null,
    ),
  ),
];

/** One frame of the plan as the engine gets it. */
export function frameRequest(kind: TaskKind, family: string, plan: TaskPlan, seed: Seed): FrameRequest {
  const { controlnet } = plan;
  return {
    kind,
    family,
    type: plan.type,
    prompt: plan.enginePrompt,
    negativePrompt: plan.negativePrompt ?? '',
    seed: Number(seed),
    width: plan.width,
    height: plan.height,
    params: plan.params,
    style: plan.style,
    loras: plan.loras,
    inputImage: plan.inputImage,
    maskImage: plan.maskImage,
    references: plan.references,
    controlnet: controlnet?.enabled ? { ...controlnet } : null,
    training: plan.training,
  };
}

/** A long batch must not hold up a cut-out: quick kinds have a lane of their own beside each engine's. */
export function laneOf(kind: TaskKind, engine: string): string {
  const quick: TaskKind[] = ['remove_bg', 'control_preview', 'upscale'];
  return quick.includes(kind) ? `${engine}.quick` : engine;
}

/** Tasks of a lane at once: trainings run one after another, each would only slow the other down. */
export const placesIn = (lane: string, maxConcurrentTasks: number): number =>
  lane === 'training' ? 1 : maxConcurrentTasks;

/** Every lane that can exist with these engines. */
export const lanesOf = (engines: string[]): string[] =>
  engines.flatMap((engine) => [engine, `${engine}.quick`]);
