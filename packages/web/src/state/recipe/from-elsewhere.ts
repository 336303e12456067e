/**
 * A recipe of another program as one of ours: its sampler under the name that families give it, its model as the family that has
 * a file of that name. Pure. Unsupported settings are listed in `lost`.
 */
import {
  emptyRecipe,
  type FamilyOffer,
  type Lora,
  MAX_LORAS,
  MAX_PROMPT_CHARS,
  type Params,
  type Recipe,
  seedOf,
} from '@limner/contract';
import type { Lost } from './lost.ts';

/** What a picture of A1111 or ComfyUI says of its making, with the settings under A1111's names. */
export interface ForeignRecipe {
  prompt: string;
  negative: string;
  loras: Lora[];
  /** In the order of the picture's text. */
  settings: Map<string, string>;
}

const SAMPLERS: Record<string, string> = {
  euler: 'euler',
  'euler a': 'euler_ancestral',
  heun: 'heun',
  ddim: 'ddim',
  lcm: 'lcm',
  unipc: 'uni_pc',
  'dpm++ 2m': 'dpmpp_2m',
  'dpm++ 2m sde': 'dpmpp_2m_sde',
  'dpm++ sde': 'dpmpp_sde',
  'dpm++ 2s a': 'dpmpp_2s_ancestral',
  'dpm++ 3m sde': 'dpmpp_3m_sde',
};
/** ComfyUI writes the name that families give. */
const COMFY_SAMPLERS = Object.values(SAMPLERS);
const SCHEDULERS = ['karras', 'exponential', 'normal', 'simple', 'beta', 'sgm uniform', 'ddim uniform'];
/** Settings of the file, not of the picture. */
const NO_SETTINGS = /^(Version|.*hash(es)?|TI hashes|Lora hashes)$/i;

export function fromElsewhere(
  { prompt, negative, loras, settings }: ForeignRecipe,
  families: FamilyOffer[],
): { recipe: Recipe; lost: Lost[] } {
  const left = new Map([...settings].filter(([name]) => !NO_SETTINGS.test(name)));
  const take = (name: string): string | undefined => {
    const value = left.get(name);
    left.delete(name);
    return value;
  };
  const lost: Lost[] = [];
  const seed = take('Seed') ?? '';
  const [width = 0, height = 0] = (take('Size') ?? '').split('x').map(Number);
  const file = take('Model');
  const model = file === undefined ? null : modelNamed(file, families);
  if (file !== undefined && !model) lost.push({ field: 'family', what: 'family', name: file });
  // Out-of-range numbers are kept; restoring the recipe reports them.
  const recipe: Recipe = {
    ...emptyRecipe('generation'),
    type: 'txt2img',
    family: model?.family ?? null,
    prompt: prompt.slice(0, MAX_PROMPT_CHARS),
    negative_prompt: negative.slice(0, MAX_PROMPT_CHARS),
    loras: loras.slice(0, MAX_LORAS),
    params: { ...paramsOf(take, lost), ...(model ? { model: model.value } : {}) },
    seed: seedOf(seed),
    ...(width > 0 && height > 0 ? { width, height } : {}),
  };
  for (const [name, value] of left) lost.push({ field: 'params', what: 'foreign', name, value });
  return { recipe, lost };
}

function paramsOf(take: (name: string) => string | undefined, lost: Lost[]): Params {
  const params: Params = {};
  const steps = number(take('Steps'));
  const cfg = number(take('CFG scale'));
  const denoise = number(take('Denoising strength'));
  if (steps !== null) params.steps = steps;
  if (cfg !== null) params.cfg = cfg;
  if (denoise !== null) params.denoise = denoise;
  const written = take('Sampler');
  const schedule = take('Schedule type');
  if (written !== undefined) {
    const [sampler, scheduler] = samplerOf(written);
    if (sampler) params.sampler = sampler;
    else lost.push({ field: 'params', what: 'foreign', name: 'Sampler', value: written });
    if (scheduler) params.scheduler = scheduler;
  }
  if (schedule !== undefined && schedule !== 'Automatic') {
    const known = SCHEDULERS.find((name) => name === schedule.toLowerCase().replace('_', ' '));
    if (known) params.scheduler = known.replace(' ', '_');
    else lost.push({ field: 'params', what: 'foreign', name: 'Schedule type', value: schedule });
  }
  return params;
}

/** Older versions write the schedule after the sampler: `DPM++ 2M Karras`. */
function samplerOf(written: string): [sampler: string | null, scheduler: string | null] {
  const name = written.toLowerCase();
  const scheduler = SCHEDULERS.find((candidate) => name.endsWith(` ${candidate}`)) ?? null;
  const bare = scheduler ? name.slice(0, -scheduler.length - 1) : name;
  const sampler = Object.hasOwn(SAMPLERS, bare) ? SAMPLERS[bare] : COMFY_SAMPLERS.find((own) => own === name);
  return [sampler ?? null, scheduler?.replace(' ', '_') ?? null];
}

/** The family with a model file of this name; folder and extension are ignored. */
function modelNamed(name: string, families: FamilyOffer[]): { family: string; value: string } | null {
  const bare = (file: string) =>
    (file.split(/[\\/]/).at(-1) ?? '').replace(/\.(safetensors|ckpt|gguf|pth?)$/i, '').toLowerCase();
  for (const family of families.filter(({ available, kind }) => available && kind === 'generation'))
    for (const { value } of family.params.find(({ key }) => key === 'model')?.choices ?? [])
      if (typeof value === 'string' && bare(value) === bare(name)) return { family: family.id, value };
  return null;
}

const number = (text: string | undefined): number | null =>
  text !== undefined && text !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
