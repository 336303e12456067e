/** NovelAI: JSON under `Comment`, in the same chunks also hidden in the lowest bits of alpha (`texts/stealth-text.ts`). */
import type { ForeignRecipe, ReadForeign } from './foreign-recipe.ts';
import { type Fields, fieldsIn, isFields, listIn, settingsOf, sizeText, textIn } from './json-fields.ts';
import { novelAiWeights } from './prompt-weights.ts';

export const readNovelAi: ReadForeign = (texts) => {
  const fields = fieldsIn(texts.get('Comment'));
  const isTheirs = /NovelAI/i.test(`${texts.get('Software') ?? ''} ${texts.get('Title') ?? ''}`);
  if (!fields || !(isTheirs || ('uc' in fields && 'prompt' in fields))) return null;
  return fromComment(fields, texts.get('Source') ?? '', texts.get('Description') ?? '');
};

function fromComment(fields: Fields, source: string, description: string): ForeignRecipe | null {
  const prompt = captionIn(fields.v4_prompt) || textIn(fields.prompt) || description.trim();
  if (prompt === '') return null;
  const action = textIn(fields.request_type);
  const isOfPicture = /img2img|infill/i.test(action) || 'image' in fields;
  const settings: [string, unknown][] = [
    ['Steps', fields.steps],
    [
      'Sampler',
      textIn(fields.sampler)
        .replace(/^k_/, '')
        .replace(/^ddim_v3$/, 'ddim'),
    ],
    ['Schedule type', textIn(fields.noise_schedule) === 'native' ? '' : fields.noise_schedule],
    ['CFG scale', fields.scale],
    ['CFG rescale', textIn(fields.cfg_rescale) === '0' ? '' : fields.cfg_rescale],
    ['Seed', fields.seed],
    ['Size', sizeText(fields.width, fields.height)],
    ['Model', source],
    ['Denoising strength', isOfPicture ? fields.strength : ''],
    ['SMEA', fields.sm],
    ['SMEA DYN', fields.sm_dyn],
    ['Decrisper', fields.dynamic_thresholding],
    ['Vibe transfer', fields.reference_strength_multiple ?? fields.reference_strength],
    ['Precise reference', fields.director_reference_strength_values],
    ...charactersIn(fields.v4_prompt),
  ];
  return {
    prompt: novelAiWeights(prompt),
    negative: novelAiWeights(captionIn(fields.v4_negative_prompt) || textIn(fields.uc)),
    loras: [],
    settings: settingsOf(settings),
    madeOf:
      /infill/i.test(action) || 'mask' in fields ? 'picture and mask' : isOfPicture ? 'picture' : undefined,
  };
}

const captionOf = (value: unknown): Fields =>
  isFields(value) && isFields(value.caption) ? value.caption : {};
const captionIn = (value: unknown): string => textIn(captionOf(value).base_caption);

/** Prompts of single characters have no place in a recipe. */
const charactersIn = (value: unknown): [string, string][] =>
  listIn(captionOf(value).char_captions)
    .filter(isFields)
    .map(({ char_caption: words }, i) => [`Character ${i + 1}`, textIn(words)]);
