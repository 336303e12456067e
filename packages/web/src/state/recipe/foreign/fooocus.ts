/** Fooocus writes JSON, or A1111's text in which its own prompt has a key and the styles are part of the prompt. */
import { FOOOCUS_SCHEME, INFOTEXT_KEYWORD, type Lora } from '@limner/contract';
import type { PictureTexts } from '../texts/picture-texts.ts';
import { a1111In } from './a1111.ts';
import type { ForeignRecipe, ReadForeign } from './foreign-recipe.ts';
import { type Fields, fieldsIn, listIn, modelNameIn, settingsOf, sizeText, textIn } from './json-fields.ts';

export const readFooocus: ReadForeign = (texts: PictureTexts) => {
  const text = texts.get(INFOTEXT_KEYWORD) ?? '';
  const fields = fieldsIn(text);
  if (fields)
    return 'prompt' in fields && ('base_model' in fields || texts.has(FOOOCUS_SCHEME))
      ? fromJson(fields)
      : null;
  return texts.has(FOOOCUS_SCHEME) ? fromText(text) : null;
};

function fromJson(fields: Fields): ForeignRecipe {
  const [width, height] = textIn(fields.resolution).match(/\d+/g) ?? [];
  const settings: [string, unknown][] = [
    ['Steps', fields.steps],
    ['Sampler', textIn(fields.sampler).replace(/_gpu$/, '')],
    ['Schedule type', fields.scheduler],
    ['CFG scale', fields.guidance_scale],
    ['Seed', fields.seed],
    ['Size', sizeText(width, height)],
    ['Model', modelNameIn(fields.base_model)],
    ['Refiner', unlessNone(fields.refiner_model)],
    ['Refiner switch', unlessNone(fields.refiner_model) === '' ? '' : fields.refiner_switch],
    ['VAE', textIn(fields.vae).startsWith('Default') ? '' : fields.vae],
    ['Styles', namesIn(fields.styles)],
    ['Performance', fields.performance],
    ['Sharpness', fields.sharpness],
    ['ADM Guidance', fields.adm_guidance],
    ['Adaptive CFG', fields.adaptive_cfg],
    ['Clip skip', fields.clip_skip],
    ['Prompt expansion', fields.prompt_expansion],
  ];
  return {
    prompt: textIn(fields.prompt),
    negative: textIn(fields.negative_prompt),
    loras: [...lorasOf(fields.loras), ...combined(fields)],
    settings: settingsOf(settings),
  };
}

const unlessNone = (value: unknown): string => (textIn(value) === 'None' ? '' : textIn(value));

/** Python's text of a list: `['Fooocus V2', 'Fooocus Sharp']`. */
const namesIn = (value: unknown): string =>
  Array.isArray(value) ? value.map(textIn).join(', ') : textIn(value).replace(/[[\]'"]/g, '');

const lorasOf = (value: unknown): Lora[] =>
  listIn(value).flatMap((each) => {
    const [name, weight] = listIn(each);
    return textIn(name) === '' ? [] : [{ name: textIn(name), weight: Number(weight ?? 1) || 0 }];
  });

/** Older versions: `"lora_combined_1": "name : 0.5"`. The newer list has the same ones. */
const combined = (fields: Fields): Lora[] =>
  Array.isArray(fields.loras)
    ? []
    : Object.entries(fields).flatMap(([key, value]) => {
        const [name = '', weight = '1'] = textIn(value).split(' : ');
        return key.startsWith('lora_combined_') && name !== '' ? [{ name, weight: Number(weight) || 0 }] : [];
      });

function fromText(text: string): ForeignRecipe | null {
  const found = a1111In(text);
  if (!found) return null;
  const { settings } = found;
  const take = (key: string): string => {
    const value = settings.get(key) ?? '';
    settings.delete(key);
    return value;
  };
  const scheduler = take('Scheduler');
  if (scheduler !== '') settings.set('Schedule type', scheduler);
  const [prompt, negative, weights] = [take('Raw prompt'), take('Raw negative prompt'), take('Lora weights')];
  return {
    ...found,
    prompt: prompt || found.prompt,
    negative: prompt ? negative : found.negative,
    loras: weights === '' ? found.loras : weighted(weights),
  };
}

/** `name: 0.5, other: 1` */
const weighted = (text: string): Lora[] =>
  text.split(', ').flatMap((each) => {
    const [name = '', weight = '1'] = each.split(': ');
    return name === '' ? [] : [{ name, weight: Number(weight) || 0 }];
  });
