/**
 * The fields that a grid's axis can have: parts of the recipe, and every parameter of the family. Pure.
 */
import type { Bilingual, Family, FamilyParam, ParamChoice } from './family.ts';
import { maxSeedOf, paramsWith } from './family.ts';
import { MAX_LORA_WEIGHT, MAX_PROMPT_CHARS, MAX_SIDE_PX, MIN_SIDE_PX } from './limits.ts';
import type { Recipe } from './recipe.ts';
import type { Seed } from './seed.ts';

export interface GridField {
  /** `steps`, `prompt_replace`, `loras.0.weight`, `inputs.glow` … */
  field: string;
  label: Bilingual;
  /**
   * `lines`: one value a line. `replace`: the first value is searched in the prompts and replaced by each. `size`:
   * `512x768`.
   */
  type: FamilyParam['type'] | 'lines' | 'replace' | 'seed' | 'size';
  min?: number | undefined;
  max?: Seed | undefined;
  /** Of a choice; null: any text. Of a number: the values that have a name. */
  choices?: ParamChoice[] | undefined;
}

/** What families and styles there are, for axes over them. */
export interface GridChoices {
  families: Pick<Family, 'id' | 'kind' | 'label'>[];
  /** Names. */
  styles: string[];
}

type Planned = Pick<Recipe, 'kind' | 'loras' | 'controlnet' | 'params'>;

const LABELS: Record<string, Bilingual> = {
  prompt: { en: 'Prompt', zh: '提示词' },
  prompt_replace: { en: 'Prompt S/R', zh: '提示词替换' },
  negative_prompt: { en: 'Negative prompt', zh: '负面提示词' },
  seed: { en: 'Seed', zh: '种子' },
  size: { en: 'Size', zh: '尺寸' },
  width: { en: 'Width', zh: '宽' },
  height: { en: 'Height', zh: '高' },
  style: { en: 'Style', zh: '风格' },
  'style.step': { en: 'Step of its training', zh: '训练步数' },
  'style.strength': { en: 'Style strength', zh: '风格强度' },
  family: { en: 'Model', zh: '模型' },
  strength: { en: 'ControlNet strength', zh: 'ControlNet 强度' },
  start: { en: 'ControlNet start', zh: 'ControlNet 开始' },
  end: { en: 'ControlNet end', zh: 'ControlNet 结束' },
  steps: { en: 'Steps', zh: '步数' },
  cfg: { en: 'CFG', zh: 'CFG' },
  guidance: { en: 'Guidance', zh: '引导强度' },
  sampler: { en: 'Sampler', zh: '采样器' },
  scheduler: { en: 'Scheduler', zh: '调度器' },
  style_mode: { en: 'Style from a picture', zh: '风格取用方式' },
  denoise: { en: 'Denoise', zh: '重绘幅度' },
  model: { en: 'Weights', zh: '权重' },
  speed: { en: 'Speed', zh: '加速' },
  hires_scale: { en: 'Second pass: times larger', zh: '二次重绘：放大倍数' },
  hires_upscaler: { en: 'Second pass: enlarged by', zh: '二次重绘：放大方式' },
  hires_steps: { en: 'Second pass: steps', zh: '二次重绘：步数' },
  hires_denoise: { en: 'Second pass: change', zh: '二次重绘：改动幅度' },
  factor: { en: 'Factor', zh: '倍数' },
  reference_mode: { en: 'References', zh: '参考方式' },
  layers: { en: 'Layers', zh: '图层数' },
  pixel_grid: { en: 'Pixel grid', zh: '像素格' },
  tileable: { en: 'Seamless', zh: '无缝拼接' },
  library: { en: 'Drawings', zh: '图库' },
  treatment: { en: 'Finish', zh: '表现手法' },
};

const labelled = (field: string): Bilingual => LABELS[field] ?? { en: field, zh: field };

/** Of a training; no trainer takes more. */
const MAX_STEP = 1_000_000;

/** Keys of family parameters that are not in `params` of a recipe; `fieldsOf` lists them itself. */
const ELSEWHERE = ['negative_prompt', 'strength', 'range', 'style_strength'];

/** The fields of a grid over this recipe with this family, as they are offered. */
export function gridFields(recipe: Planned, offered: Family, { families, styles }: GridChoices): GridField[] {
  const family = { ...offered, params: paramsWith(offered.params, recipe.params) };
  return [
    ...(family.takes_prompt === false ? [] : promptFields(family)),
    { field: 'seed', label: labelled('seed'), type: 'seed', min: 0, max: maxSeedOf(family) },
    ...family.params
      .filter(({ key, effect }) => effect !== false && !ELSEWHERE.includes(key))
      .map(paramField),
    ...sizeFields(family),
    ...loraFields(recipe, family),
    ...controlFields(recipe),
    { field: 'style', label: labelled('style'), type: 'choice', choices: styles.map(named) },
    STYLE_STRENGTH,
    STYLE_STEP,
    familyField(recipe, families),
  ];
}

/** Does not depend on a family. */
export const familyField = (
  { kind }: Pick<Recipe, 'kind'>,
  families: GridChoices['families'],
): GridField => ({
  field: 'family',
  label: labelled('family'),
  type: 'choice',
  choices: families.filter((family) => family.kind === kind).map(({ id, label }) => ({ value: id, label })),
});

/** Its 0 is the same picture without the style's LoRA: the trigger words stay. */
const STYLE_STRENGTH: GridField = {
  field: 'style.strength',
  label: labelled('style.strength'),
  type: 'number',
  min: -MAX_LORA_WEIGHT,
  max: MAX_LORA_WEIGHT,
  choices: [{ value: 0, label: { en: 'without its LoRA', zh: '不用 LoRA' } }],
};

/** LoRAs that its training keeps. */
const STYLE_STEP: GridField = {
  field: 'style.step',
  label: labelled('style.step'),
  type: 'integer',
  min: 0,
  max: MAX_STEP,
  choices: [{ value: 0, label: { en: 'its own LoRA', zh: '当前的 LoRA' } }],
};

const named = (name: string): ParamChoice => ({ value: name, label: { en: name, zh: name } });

function promptFields({ params }: Family): GridField[] {
  const negative = params.find(({ key, effect }) => key === 'negative_prompt' && effect !== false);
  return [
    { field: 'prompt', label: labelled('prompt'), type: 'lines', max: MAX_PROMPT_CHARS },
    { field: 'prompt_replace', label: labelled('prompt_replace'), type: 'replace', max: MAX_PROMPT_CHARS },
    ...(negative
      ? [
          {
            field: 'negative_prompt',
            label: labelled('negative_prompt'),
            type: 'lines' as const,
            max: MAX_PROMPT_CHARS,
          },
        ]
      : []),
  ];
}

const paramField = ({ key, label, type, min, max, choices }: FamilyParam): GridField => ({
  field: key,
  label: label ?? labelled(key),
  type,
  min,
  max,
  choices,
});

function sizeFields({ size }: Family): GridField[] {
  if (!size) return [];
  const sides = { min: Math.max(size.min, MIN_SIDE_PX), max: Math.min(size.max, MAX_SIDE_PX) };
  return [
    { field: 'size', label: labelled('size'), type: 'size', ...sides },
    { field: 'width', label: labelled('width'), type: 'integer', ...sides },
    { field: 'height', label: labelled('height'), type: 'integer', ...sides },
  ];
}

const loraFields = ({ loras }: Planned, family: Family): GridField[] =>
  family.loras
    ? loras.map(({ name }, index) => ({
        field: `loras.${index}.weight`,
        label: { en: `Weight of ${name}`, zh: `${name} 权重` },
        type: 'number',
        min: -MAX_LORA_WEIGHT,
        max: MAX_LORA_WEIGHT,
      }))
    : [];

const controlFields = ({ controlnet }: Planned): GridField[] =>
  controlnet
    ? [['strength', 2] as const, ['start', 1] as const, ['end', 1] as const].map(([field, max]) => ({
        field,
        label: labelled(field),
        type: 'number',
        min: 0,
        max,
      }))
    : [];
