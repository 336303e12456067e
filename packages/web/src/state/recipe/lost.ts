/** Parts of a recipe that could not be restored, with their sentences. */
import {
  type ControlType,
  type FamilyOffer,
  MAX_LORA_WEIGHT,
  MAX_LORAS,
  MAX_PROMPT_CHARS,
  type Missing,
  type Recipe,
  type Seed,
  type Size,
} from '@limner/contract';
import i18next from 'i18next';
import { grouped } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { paramName } from '../../i18n/param-name.ts';
import { useStudio } from '../studio.ts';

type Field = keyof Recipe;

interface VideoRate {
  frames: number;
  fps: number;
}

export type Lost = { field: Field } /** A family's id, or the name of a file in another program. */ & (
  | { what: 'family'; name: string }
  | {
      what: 'picture';
      field: 'input_image' | 'mask_image' | 'references' | 'style_images' | 'controlnet' | 'video';
    }
  /** The recipe does not say which. */
  | { what: 'unnamedPicture'; field: 'input_image' | 'mask_image' | 'references' }
  | { what: 'styleImages'; family: FamilyOffer | null }
  | { what: 'control'; type: ControlType; family: FamilyOffer | null }
  | { what: 'param'; key: string; value: unknown; family: FamilyOffer | null }
  | { what: 'size'; asked: Size; set: Size | null }
  | { what: 'videoLength'; asked: VideoRate; set: VideoRate }
  /** No model here makes such videos. */
  | { what: 'noVideo' }
  | { what: 'style'; name: string }
  | { what: 'styleChanged'; name: string }
  | { what: 'lora'; name: string; family: FamilyOffer | null }
  | { what: 'seed'; seed: Seed; family: FamilyOffer | null }
  | { what: 'negative'; family: FamilyOffer | null }
  /** Never in the file of another program. */
  | { what: 'pictureElsewhere'; field: 'input_image' | 'mask_image' }
  | { what: 'loraWeight'; name: string; weight: number }
  | { what: 'lorasTooMany'; name: string }
  | { what: 'damaged' }
  | { what: 'promptTooLong'; field: 'prompt' | 'negative_prompt' }
  | { what: 'missing'; missing: Missing }
  /** A setting of another program, by its name there. */
  | { what: 'foreign'; name: string; value: string }
);

const PICTURES = {
  input_image: 'recipe.lostInput',
  mask_image: 'recipe.lostMask',
  references: 'recipe.lostReference',
  style_images: 'recipe.lostStyleImage',
  video: 'recipe.lostEndPicture',
  controlnet: 'recipe.lostControlPicture',
} as const;

const UNNAMED = {
  input_image: 'recipe.unnamedInput',
  mask_image: 'recipe.unnamedMask',
  references: 'recipe.unnamedReference',
} as const;

const model = (family: FamilyOffer | null): string =>
  family ? family.label[spokenLanguage()] : i18next.t('recipe.thisModel');

/** The label of a known but unavailable family; otherwise the text in the recipe. */
function modelNamed(name: string): string {
  const { families } = useStudio.getState();
  return families.find(({ id }) => id === name)?.label[spokenLanguage()] ?? name;
}

const rateText = ({ frames, fps }: VideoRate): string => i18next.t('recipe.framesAtRate', { frames, fps });

const sizeText = ({ width, height }: Size): string => `${width} × ${height}`;

function missingSentence({ what, name, server, cure }: Missing): string {
  const facts = { name, cure: cure[spokenLanguage()] };
  if (what === 'server') return facts.cure;
  return server === undefined
    ? i18next.t('recipe.lostMissing', facts)
    : i18next.t('recipe.lostMissingOn', { ...facts, server });
}

export function sentenceOfLost(lost: Lost): string {
  const { t } = i18next;
  switch (lost.what) {
    case 'family':
      return t('recipe.lostFamily', { name: modelNamed(lost.name) });
    case 'picture':
      return t(PICTURES[lost.field]);
    case 'unnamedPicture':
      return t(UNNAMED[lost.field]);
    case 'styleImages':
      return t('recipe.lostStyleImages', { model: model(lost.family) });
    case 'control':
      return t('recipe.lostControl', { type: t(`control.${lost.type}`), model: model(lost.family) });
    case 'param':
      return t('recipe.lostParam', {
        name: paramName(lost.key),
        value: String(lost.value),
        model: model(lost.family),
      });
    case 'size':
      return lost.set
        ? t('recipe.lostSize', { asked: sizeText(lost.asked), set: sizeText(lost.set) })
        : t('recipe.lostSizeWholly', { asked: sizeText(lost.asked) });
    case 'videoLength':
      return t('recipe.lostVideoLength', { asked: rateText(lost.asked), set: rateText(lost.set) });
    case 'noVideo':
      return t('recipe.lostVideo');
    case 'style':
      return t('recipe.lostStyle', { name: lost.name });
    case 'styleChanged':
      return t('recipe.lostStyleChanged', { name: lost.name });
    case 'lora':
      return t('recipe.lostLora', { name: lost.name, model: model(lost.family) });
    case 'loraWeight':
      return t('recipe.lostLoraWeight', { name: lost.name, weight: lost.weight, max: MAX_LORA_WEIGHT });
    case 'lorasTooMany':
      return t('recipe.lostLorasTooMany', { name: lost.name, max: MAX_LORAS });
    case 'promptTooLong':
      return t(lost.field === 'prompt' ? 'recipe.lostPromptEnd' : 'recipe.lostNegativeEnd', {
        max: MAX_PROMPT_CHARS,
      });
    case 'damaged':
      return t('recipe.lostDamaged');
    case 'missing':
      return missingSentence(lost.missing);
    case 'seed':
      return t('recipe.lostSeed', { seed: grouped(lost.seed), model: model(lost.family) });
    case 'negative':
      return t('recipe.lostNegative', { model: model(lost.family) });
    case 'pictureElsewhere':
      return t(lost.field === 'input_image' ? 'recipe.lostInputElsewhere' : 'recipe.lostMaskElsewhere');
    case 'foreign':
      return t('recipe.lostForeign', { name: lost.name, value: lost.value });
  }
}
