/**
 * Recipes of every version, from every source: a plain recipe, a stored task, the text of a PNG.
 *
 * Before version 1 a task stored its fields under names of its own (`enginePrompt`, `inputImage`), and a PNG contained
 * some of them without the input pictures; a style was known by name only.
 *
 * Only the server has schemas; a page uses `POST /api/recipes/read`.
 */
import { Recipe, type RecipeInput, type TaskKind } from './recipe.ts';

type Held = Record<string, unknown>;

/** The recipe in the text of a picture; null as below, and for text that is not JSON. */
export function recipeInText(text: string): Recipe | null {
  try {
    return readRecipe(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * null: no recipe, or one of a version that is newer than this program.
 * @param kind of the task, which tasks stored before version 1 do not contain
 */
export function readRecipe(value: unknown, kind?: TaskKind): Recipe | null {
  const { success, data } = Recipe.safeParse(isHeld(value) ? recipeIn(value, kind) : value);
  return success ? data : null;
}

function recipeIn(held: Held, kind?: TaskKind): unknown {
  if (isHeld(held.recipe)) return held.recipe;
  if (held.limner === 1) return fromFlatText(held);
  return 'enginePrompt' in held ? fromUnversionedPlan(held as unknown as UnversionedPlan, kind) : held;
}

const isHeld = (value: unknown): value is Held => typeof value === 'object' && value !== null;

function fromFlatText({ limner: _, provenance: __, style, negative_prompt, ...others }: Held): Held {
  return { ...others, negative_prompt: negative_prompt ?? '', style: style ? { name: style } : null };
}

interface UnversionedPlan
  extends Pick<
    RecipeInput,
    'type' | 'references' | 'controlnet' | 'loras' | 'width' | 'height' | 'params' | 'seed'
  > {
  prompt: string;
  enginePrompt: string;
  negativePrompt: string | null;
  inputImage: string | null;
  maskImage: string | null;
  style: {
    id: number;
    name: string;
    loraPath: string | null;
    family?: string | null;
    triggerWords?: string;
  } | null;
  training?: {
    styleName: string;
    styleType: 'ui' | 'vfx';
    triggerWords: string;
    captions: string[];
    params: { lora_rank: number; learning_rate: number; steps: number };
  };
  choice: { family: string };
}

function fromUnversionedPlan(plan: UnversionedPlan, kind?: TaskKind): Partial<RecipeInput> {
  const { style, training } = plan;
  return {
    kind,
    type: plan.type,
    family: plan.choice.family,
    prompt: plan.prompt,
    negative_prompt: plan.negativePrompt ?? '',
    style: style && {
      id: style.id,
      name: style.name,
      trigger_words: style.triggerWords ?? wordsBefore(plan),
      lora_path: style.loraPath,
      family: style.family ?? null,
    },
    loras: plan.loras,
    input_image: plan.inputImage,
    mask_image: plan.maskImage,
    references: plan.references,
    controlnet: plan.controlnet,
    width: plan.width,
    height: plan.height,
    params: plan.params,
    seed: plan.seed,
    training: training && {
      style_name: training.styleName,
      style_type: training.styleType,
      trigger_words: training.triggerWords,
      captions: training.captions,
      params: training.params,
    },
  };
}

/** The style's trigger words, when only the painted prompt contains them. */
function wordsBefore({ prompt, enginePrompt }: UnversionedPlan): string {
  const end = `, ${prompt}`;
  return enginePrompt.endsWith(end) ? enginePrompt.slice(0, -end.length) : '';
}
