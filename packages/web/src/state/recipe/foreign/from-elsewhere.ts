/**
 * A recipe of another program as one of ours: its sampler under the name that families give it, its model as the family that has
 * a file of that name. Pure. Unsupported settings are listed in `lost`.
 */
import {
  cutText,
  emptyRecipe,
  type FamilyOffer,
  type GenerationType,
  hiresUpscalerNamed,
  type Lora,
  MAX_LORA_NAME_CHARS,
  MAX_LORA_WEIGHT,
  MAX_LORAS,
  MAX_PROMPT_CHARS,
  modelStem,
  type Params,
  type Recipe,
  samplerNamed,
  scheduleNamed,
  seedOf,
} from '@limner/contract';
import type { Lost } from '../lost.ts';
import type { ForeignRecipe } from './foreign-recipe.ts';

/** Settings of the file, not of the picture, and the words with choices from which its words were drawn. */
const NO_SETTINGS = /^(Version|User|.*hash(es)?|TI hashes|Lora hashes|(Negative )?Template)$/i;
const TYPES: Record<NonNullable<ForeignRecipe['madeOf']>, GenerationType> = {
  picture: 'img2img',
  'picture and mask': 'inpaint',
};

export function fromElsewhere(
  { prompt, negative, loras, settings, madeOf, isBesideDamaged }: ForeignRecipe,
  families: FamilyOffer[],
): { recipe: Recipe; lost: Lost[] } {
  const left = new Map([...settings].filter(([name]) => !NO_SETTINGS.test(name)));
  // Programs differ in capitals: `Distilled CFG Scale`, `Distilled CFG scale`.
  const take = (wanted: string): string | undefined => {
    const name = [...left.keys()].find((each) => each.toLowerCase() === wanted.toLowerCase());
    const value = name === undefined ? undefined : left.get(name);
    if (name !== undefined) left.delete(name);
    return value;
  };
  const lost: Lost[] = isBesideDamaged ? [{ field: 'prompt', what: 'damaged' }] : [];
  const seed = take('Seed') ?? '';
  const [width = 0, height = 0] = (take('Size') ?? '').split('x').map(Number);
  const file = take('Model');
  const model = file === undefined ? null : modelNamed(file, families);
  if (file !== undefined && !model) lost.push({ field: 'family', what: 'family', name: file });
  // Out-of-range numbers are kept; restoring the recipe reports them.
  const recipe: Recipe = {
    ...emptyRecipe('generation'),
    // The form asks for the pictures, which the file does not contain.
    type: madeOf ? TYPES[madeOf] : 'txt2img',
    family: model?.family ?? null,
    prompt: cut(prompt, 'prompt', lost),
    negative_prompt: cut(negative, 'negative_prompt', lost),
    loras: takenLoras(loras, lost),
    params: { ...paramsOf(take, lost), ...(model?.value ? { model: model.value } : {}) },
    seed: seedOf(seed),
    ...(width > 0 && height > 0 ? { width, height } : {}),
  };
  if (madeOf) lost.push({ field: 'input_image', what: 'pictureElsewhere' });
  if (madeOf === 'picture and mask') lost.push({ field: 'mask_image', what: 'pictureElsewhere' });
  for (const [name, value] of left) lost.push({ field: 'params', what: 'foreign', name, value });
  return { recipe, lost };
}

function cut(text: string, field: 'prompt' | 'negative_prompt', lost: Lost[]): string {
  if (text.length > MAX_PROMPT_CHARS) lost.push({ field, what: 'promptTooLong' });
  return cutText(text, MAX_PROMPT_CHARS);
}

function takenLoras(loras: Lora[], lost: Lost[]): Lora[] {
  const taken: Lora[] = [];
  for (const { name, weight } of loras) {
    if (Math.abs(weight) > MAX_LORA_WEIGHT) lost.push({ field: 'loras', what: 'loraWeight', name, weight });
    else if (taken.length === MAX_LORAS) lost.push({ field: 'loras', what: 'lorasTooMany', name });
    else taken.push({ name: cutText(name, MAX_LORA_NAME_CHARS), weight });
  }
  return taken;
}

function paramsOf(take: (name: string) => string | undefined, lost: Lost[]): Params {
  const params: Params = {};
  const steps = number(take('Steps'));
  const cfg = number(take('CFG scale'));
  const guidance = number(take('Distilled CFG Scale'));
  const denoise = number(take('Denoising strength'));
  const hires = number(take('Hires upscale'));
  if (steps !== null) params.steps = steps;
  if (cfg !== null) params.cfg = cfg;
  if (guidance !== null) params.guidance = guidance;
  if (hires !== null && hires > 1) Object.assign(params, hiresOf(hires, denoise, take, lost));
  else if (denoise !== null) params.denoise = denoise;
  const written = take('Sampler');
  const schedule = take('Schedule type');
  if (written !== undefined) {
    const { sampler, scheduler } = samplerNamed(written);
    if (sampler) params.sampler = sampler;
    else lost.push({ field: 'params', what: 'foreign', name: 'Sampler', value: written });
    if (scheduler) params.scheduler = scheduler;
  }
  if (schedule !== undefined && schedule !== 'Automatic') {
    const known = scheduleNamed(schedule);
    if (known) params.scheduler = known;
    else lost.push({ field: 'params', what: 'foreign', name: 'Schedule type', value: schedule });
  }
  return params;
}

/** Of the second pass, whose strength is the picture's. */
function hiresOf(
  scale: number,
  denoise: number | null,
  take: (name: string) => string | undefined,
  lost: Lost[],
): Params {
  const steps = number(take('Hires steps'));
  const written = take('Hires upscaler');
  const upscaler = written === undefined ? null : hiresUpscalerNamed(written);
  if (written !== undefined && upscaler === null)
    lost.push({ field: 'params', what: 'foreign', name: 'Hires upscaler', value: written });
  return {
    hires_scale: scale,
    ...(steps === null ? {} : { hires_steps: steps }),
    ...(denoise === null ? {} : { hires_denoise: denoise }),
    ...(upscaler === null ? {} : { hires_upscaler: upscaler }),
  };
}

interface NamedModel {
  family: string;
  /** null: the family itself has this name, as in Limner's own line. */
  value: string | null;
}

/** The family with a model file of this name, or with the name itself; folder and extension are ignored. */
function modelNamed(name: string, families: FamilyOffer[]): NamedModel | null {
  const bare = (file: string) => modelStem(file).toLowerCase();
  const offered = families.filter(({ available, kind }) => available && kind === 'generation');
  for (const family of offered)
    for (const { value } of family.params.find(({ key }) => key === 'model')?.choices ?? [])
      if (typeof value === 'string' && bare(value) === bare(name)) return { family: family.id, value };
  const own = offered.find(({ id, label }) =>
    [id, label.en, label.zh].some((each) => bare(each) === bare(name)),
  );
  return own ? { family: own.id, value: null } : null;
}

const number = (text: string | undefined): number | null =>
  text !== undefined && text !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
