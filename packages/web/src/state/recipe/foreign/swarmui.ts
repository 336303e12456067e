/** SwarmUI: JSON under `parameters`, with its own names for everything. */
import { INFOTEXT_KEYWORD, type Lora } from '@limner/contract';
import type { ForeignRecipe, ReadForeign } from './foreign-recipe.ts';
import { type Fields, fieldsIn, isFields, listIn, settingsOf, sizeText, textIn } from './json-fields.ts';
import { lorasIn, withoutLoras } from './lora-tags.ts';

export const readSwarmUi: ReadForeign = (texts) => {
  const held = fieldsIn(texts.get(INFOTEXT_KEYWORD));
  return held && isFields(held.sui_image_params) ? fromParams(held.sui_image_params) : null;
};

const OWN = new Set([
  'prompt',
  'negativeprompt',
  'steps',
  'sampler',
  'scheduler',
  'cfgscale',
  'fluxguidancescale',
  'seed',
  'width',
  'height',
  'model',
  'loras',
  'loraweights',
  'initimage',
  'initimagecreativity',
  'maskimage',
]);
/** Of the file, or in the size already. */
const NOT_TOLD =
  /^(aspectratio|swarm_?version|date|generation_?time|images|personalnote|donotsave.*|lorasectionconfinement)$/;

function fromParams(fields: Fields): ForeignRecipe | null {
  const written = textIn(fields.prompt);
  const prompt = withoutLoras(written);
  if (prompt === '') return null;
  const settings: [string, unknown][] = [
    ['Steps', fields.steps],
    ['Sampler', fields.sampler],
    ['Schedule type', fields.scheduler],
    ['CFG scale', fields.cfgscale],
    ['Distilled CFG Scale', fields.fluxguidancescale],
    ['Seed', textIn(fields.seed) === '-1' ? '' : fields.seed],
    ['Size', sizeText(fields.width, fields.height)],
    ['Model', fields.model],
    ['Denoising strength', fields.initimagecreativity],
    ...Object.entries(fields).filter(([key]) => !OWN.has(key) && !NOT_TOLD.test(key)),
  ];
  const isOfPicture = 'initimage' in fields || 'initimagecreativity' in fields;
  return {
    prompt,
    negative: textIn(fields.negativeprompt),
    loras: [...lorasOf(fields), ...lorasIn(written)],
    settings: settingsOf(settings),
    madeOf: 'maskimage' in fields ? 'picture and mask' : isOfPicture ? 'picture' : undefined,
  };
}

/** Lists side by side; older versions join them with commas. */
function lorasOf({ loras, loraweights }: Fields): Lora[] {
  const [names, weights] = [loras, loraweights].map((value) =>
    Array.isArray(value) ? value : textIn(value).split(','),
  );
  return listIn(names).flatMap((name, i) => {
    const weight = Number(textIn(weights?.[i]) || 1);
    return textIn(name) === '' ? [] : [{ name: textIn(name), weight: Number.isFinite(weight) ? weight : 1 }];
  });
}
