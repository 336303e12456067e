/**
 * Makes a plan from a recipe: everything that decides the frames, fixed when the task is created. Pure: randomness is
 * passed in as `random`.
 */
import {
  type Bilingual,
  Choice,
  DEFAULT_NEGATIVE_PROMPT,
  type DrawnWords,
  type Family,
  type FrameRecipe,
  fitSide,
  HIRES_DETAILS,
  hasSecondPass,
  hasShapeOf,
  isSeedAbove,
  MAX_DRAWN_SEED,
  MAX_SIDE_PX,
  maxSeedOf,
  paramsWith,
  Recipe,
  type RequestOrigin,
  readRecipe,
  type Seed,
  type Size,
  StudioError,
  secondPassSize,
  seedPlus,
  sizeOfInput,
  storedSeed,
  type TaskKind,
  tiledAxes,
} from '@limner/contract';
import { parsed } from '../db/parsed.ts';
import type { FrameRow, TaskRow } from '../db/schema.ts';
import type { Chosen } from '../engines/engines.ts';
import { lengthNote, videoFor } from './video-plan.ts';

/** The stored plan of a task: the resolved recipe, and the chosen family and engine. */
export interface TaskPlan {
  recipe: Recipe;
  choice: Choice;
  /** The request that made the task; absent: it was made before requests had names, or by Limner itself. */
  origin?: RequestOrigin;
}

/** Parameters that families need not list: the reference mode, and a workflow's placeholders. */
const ALWAYS_READ = ['reference_mode', 'inputs', 'model', 'factor'];

const SECOND_PASS_PARAMS = ['hires_scale', ...HIRES_DETAILS];

const READ_BY_WORKFLOWS = ['inputs'];

/** Kinds that keep the size of their input, unless one is requested. */
const SIZED_BY_INPUT: TaskKind[] = ['edit', 'control_preview'];

const plansOfRows = new WeakMap<object, TaskPlan>();

/** A task is read several times within a moment: for its answer, its news, and by its worker. */
const NEWEST_PLANS = 32;
const newestPlans = new Map<string, { kind: TaskKind; plan: TaskPlan }>();

type PlannedRow = Pick<TaskRow, 'id' | 'kind' | 'plan'>;

/** As `readPlan`; of a plan that this version cannot read only what the row knows, and why, so that its pictures are shown. */
export function shownPlan(task: PlannedRow): Readonly<TaskPlan> {
  const plan = readPlan(task);
  if (plan) return plan;
  const unreadable = new StudioError('plan_unreadable', { data: { id: task.id } });
  const note = { en: unreadable.body('en').message, zh: unreadable.body('zh').message };
  return {
    recipe: Recipe.parse({ kind: task.kind }),
    choice: { family: '', engine: '', why: 'asked', note, ignored: [] },
  };
}

/** As `readPlan`. @throws StudioError `plan_unreadable` */
export function planOf(task: PlannedRow): Readonly<TaskPlan> {
  const plan = readPlan(task);
  if (!plan) throw new StudioError('plan_unreadable', { data: { id: task.id } });
  return plan;
}

/**
 * The plan of a stored task, of any version; parsed once per row, and once for rows of one text that are read soon after
 * each other. It is shared and must not be changed. null: this
 * version cannot read it, for example because a later one stored it.
 */
export function readPlan(task: PlannedRow): Readonly<TaskPlan> | null {
  const known = plansOfRows.get(task);
  if (known) return known;
  const plan = newestPlan(task) ?? parsedPlan(task);
  if (!plan) return null;
  plansOfRows.set(task, plan);
  newestPlans.set(task.plan, { kind: task.kind, plan });
  if (newestPlans.size > NEWEST_PLANS) newestPlans.delete(newestPlans.keys().next().value as string);
  return plan;
}

function newestPlan({ kind, plan }: PlannedRow): TaskPlan | null {
  const known = newestPlans.get(plan);
  return known?.kind === kind ? known.plan : null;
}

function parsedPlan(task: PlannedRow): TaskPlan | null {
  try {
    const stored = JSON.parse(task.plan);
    const recipe = readRecipe(stored, task.kind);
    return recipe && { recipe, choice: Choice.parse(stored.choice), ...originIn(stored) };
  } catch {
    return null;
  }
}

/** What is not as expected is left out: a task does not depend on it. */
function originIn({ origin }: { origin?: { id?: unknown; trace?: unknown } }): Pick<TaskPlan, 'origin'> {
  if (typeof origin?.id !== 'string') return {};
  const { id, trace } = origin;
  return { origin: typeof trace === 'string' ? { id, trace } : { id } };
}

/** What one frame of a task is painted from. */
export function frameRecipe(
  { recipe, choice }: TaskPlan,
  frame: Pick<FrameRow, 'seed' | 'drawn'>,
): FrameRecipe {
  const { choices, ...words } = parsed<DrawnWords>(frame.drawn) ?? { choices: null };
  const { prompt, negative_prompt, loras } = recipe;
  return {
    ...recipe,
    ...words,
    template: choices ? { prompt, negative_prompt, loras, choices } : recipe.template,
    family: choice.family,
    seed: storedSeed(frame.seed),
  };
}

/** A random seed: uniform in 0…2³²−1. `random` gives 0 ≤ x < 1. */
export const randomSeed = (random: () => number): number => Math.floor(random() * (MAX_DRAWN_SEED + 1));

/**
 * null: each frame draws its own. Given: seed + index, wrapped at the end of the family's range. 0 is a valid seed.
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
 * The size a family paints, in pixels: its default, or the requested one, rounded to its step and raised to its
 * minimum. `adjustedNote` reports a difference.
 * @param input the picture that is painted over; without a requested size its aspect ratio is kept
 * @throws StudioError `size_not_supported` beyond what it can.
 */
export function sizeFor(
  family: Family,
  { kind, width, height }: Pick<Recipe, 'kind' | 'width' | 'height'>,
  input: Size | null = null,
) {
  const { size } = family;
  const isUnsized = width === null && height === null;
  if (!size || (SIZED_BY_INPUT.includes(kind) && isUnsized)) return { width: null, height: null };
  // A workflow keeps its own size.
  if (isUnsized && input && !family.only_named) return sizeOfInput(size, input);
  const { default: own, default_height = own, min, max } = size;
  const side = (asked: number | null, suggested: number, field: string): number => {
    if (asked === null) return suggested;
    if (asked > max)
      throw new StudioError('size_not_supported', { data: { family: family.label, min, max }, field });
    return fitSide(asked, size);
  };
  // The side that is not requested follows the input's shape.
  const follow = (other: number | null, ratio: number) => other && input && Math.min(max, other * ratio);
  const shape = input ? input.width / input.height : 1;
  return {
    width: side(width ?? follow(height, shape), own, 'width'),
    height: side(height ?? follow(width, 1 / shape), default_height, 'height'),
  };
}

/** Sides of a second pass, as a multiple of the largest that the family paints at once. */
const MOST_TIMES_LARGER = 2;

/** @throws StudioError `size_not_supported` */
function refuseLargeSecondPass(family: Family, recipe: Recipe, made: ReturnType<typeof sizeFor>): void {
  const { size, label } = family;
  if (!size || made.width === null || made.height === null || !passesTwice(family, recipe)) return;
  const { width, height } = secondPassSize(recipe.params, made, size.step);
  const max = Math.min(MAX_SIDE_PX, MOST_TIMES_LARGER * size.max);
  if (Math.max(width, height) <= max) return;
  const data = { family: label, min: size.min, max };
  throw new StudioError('size_not_supported', { data, field: 'params.hires_scale' });
}

const passesTwice = ({ params }: Pick<Family, 'params'>, recipe: Pick<Recipe, 'kind' | 'type' | 'params'>) =>
  hasSecondPass(recipe) && params.some(({ key, effect }) => key === 'hires_scale' && effect);

/** Says that a size was rounded or raised; null if unchanged. */
export function adjustedNote(
  { size }: Pick<Family, 'size'>,
  asked: Pick<Recipe, 'width' | 'height'>,
  made: { width: number | null; height: number | null },
): Bilingual | null {
  const differs = (side: 'width' | 'height') => asked[side] !== null && made[side] !== asked[side];
  if (!size || made.width === null || made.height === null || !(differs('width') || differs('height')))
    return null;
  const { width, height } = made;
  return {
    en: `Its sides are multiples of ${size.step} pixels, ${size.min} or more: this picture is ${width} × ${height}.`,
    zh: `边长须为 ${size.step} 的倍数且不小于 ${size.min} 像素：本图为 ${width} × ${height}。`,
  };
}

/** Says that the painted picture has another aspect ratio than its input; null if it has the same. */
function reshapedNote(
  { size, only_named }: Family,
  { type, kind }: Recipe,
  { width, height }: { width: number | null; height: number | null },
  input: Size | null,
): Bilingual | null {
  if (
    (type !== 'img2img' && kind !== 'video') ||
    only_named ||
    !size ||
    !input ||
    width === null ||
    height === null
  )
    return null;
  if (hasShapeOf({ width, height }, input, size.step)) return null;
  return {
    en: `The input picture (${input.width} × ${input.height}) has another shape than ${width} × ${height}: its edges are cut or padded.`,
    zh: `输入图片（${input.width} × ${input.height}）与 ${width} × ${height} 形状不同：边缘会被裁去或留白。`,
  };
}

/** The usual default becomes the family's own; empty where the family uses none. */
const negativeFor = (family: Family, { negative_prompt, params }: Recipe): string => {
  if (negative_prompt !== DEFAULT_NEGATIVE_PROMPT) return negative_prompt;
  const param = paramsWith(family.params, params).find(({ key }) => key === 'negative_prompt');
  if (!param?.effect) return '';
  return typeof param.default === 'string' ? param.default : negative_prompt;
};

/** Given fields without effect on this family. */
export function ignoredFields(
  family: Family,
  recipe: Pick<
    Recipe,
    | 'kind'
    | 'type'
    | 'params'
    | 'prompt'
    | 'negative_prompt'
    | 'style'
    | 'loras'
    | 'width'
    | 'height'
    | 'outpaint'
    | 'mask_image'
  >,
): string[] {
  const now = paramsWith(family.params, recipe.params);
  const effective = new Set<string>(now.filter((param) => param.effect).map((param) => param.key));
  if (!hasSecondPass(recipe)) for (const key of SECOND_PASS_PARAMS) effective.delete(key);
  // Around a mask the edges are those of the picture.
  if (recipe.type === 'inpaint' && tiledAxes(recipe.params.tileable)) effective.delete('tileable');
  const alwaysRead = family.only_named ? READ_BY_WORKFLOWS : ALWAYS_READ;
  const ignored = Object.entries(recipe.params)
    .filter(([key, value]) => value !== undefined && !alwaysRead.includes(key) && !effective.has(key))
    .map(([key]) => `params.${key}`);
  // Within a mask the words are painted also where the picture is extended.
  const isWordless =
    family.extends_by_words === false && recipe.outpaint !== null && recipe.mask_image === null;
  if ((family.takes_prompt === false || isWordless) && recipe.prompt !== '') ignored.push('prompt');
  if (family.size === null && recipe.width !== null) ignored.push('width');
  if (family.size === null && recipe.height !== null) ignored.push('height');
  const asksNegative = recipe.negative_prompt !== '' && recipe.negative_prompt !== DEFAULT_NEGATIVE_PROMPT;
  if (asksNegative && !effective.has('negative_prompt')) ignored.push('negative_prompt');
  if (recipe.style?.lora_path && !family.loras && recipe.style.family !== family.id)
    ignored.push('style.lora_path');
  if (recipe.loras.length > 0 && !family.loras) ignored.push('loras');
  return ignored;
}

/** The plan of a task, once its family and engine are chosen. */
export function planFrom(recipe: Recipe, { family, choice }: Chosen, input: Size | null = null): TaskPlan {
  const size = sizeFor(family, recipe, input);
  refuseLargeSecondPass(family, recipe, size);
  const video = videoFor(family, recipe);
  const notes = [
    adjustedNote(family, recipe, size),
    reshapedNote(family, recipe, size, input),
    video && lengthNote(family, recipe),
  ];
  const note = notes.reduce((all: Bilingual, each) => (each ? joined(all, each) : all), choice.note);
  return {
    recipe: { ...recipe, family: family.id, negative_prompt: negativeFor(family, recipe), ...size, video },
    choice: { ...choice, note, ignored: ignoredFields(family, recipe) },
  };
}

/** Adds what was found out while the frames' words were drawn: LoRAs without effect, and notes. */
export function withWords(
  { recipe, choice }: TaskPlan,
  family: Family,
  loras: Recipe['loras'],
  notes: readonly Bilingual[],
): TaskPlan {
  const note = notes.reduce(joined, choice.note);
  return { recipe, choice: { ...choice, note, ignored: ignoredFields(family, { ...recipe, loras }) } };
}

const joined = (a: Bilingual, b: Bilingual): Bilingual => ({ en: `${a.en} ${b.en}`, zh: `${a.zh}${b.zh}` });
