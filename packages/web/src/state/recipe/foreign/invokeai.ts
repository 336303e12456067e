/** InvokeAI: `invokeai_metadata` since version 3, before that `sd-metadata`, and a command line under `Dream`. */
import type { Lora } from '@limner/contract';
import type { ForeignRecipe, ReadForeign } from './foreign-recipe.ts';
import {
  type Fields,
  fieldsIn,
  isFields,
  listIn,
  modelNameIn,
  settingsOf,
  sizeText,
  textIn,
} from './json-fields.ts';
import { compelWeights } from './prompt-weights.ts';

export const readInvokeAi: ReadForeign = (texts) => {
  const now = fieldsIn(texts.get('invokeai_metadata'));
  if (now) return fromMetadata(now);
  const before = fieldsIn(texts.get('sd-metadata'));
  if (before && isFields(before.image)) return fromSdMetadata(before, before.image);
  const dream = texts.get('Dream') ?? texts.get('dream');
  return dream === undefined ? null : fromDream(dream);
};

function fromMetadata(fields: Fields): ForeignRecipe | null {
  const prompt = textIn(fields.positive_prompt);
  if (prompt === '') return null;
  const mode = textIn(fields.generation_mode);
  const isOfPicture = /img2img|inpaint|outpaint/.test(mode);
  const settings: [string, unknown][] = [
    ['Steps', fields.steps],
    ...samplerOf(textIn(fields.scheduler)),
    ['CFG scale', fields.cfg_scale],
    ['Distilled CFG Scale', fields.guidance],
    ['Seed', fields.seed],
    ['Size', sizeText(fields.width, fields.height)],
    ['Model', modelNameIn(fields.model)],
    ['VAE', modelNameIn(fields.vae)],
    ['Clip skip', unlessZero(fields.clip_skip)],
    ['Denoising strength', isOfPicture ? fields.strength : ''],
    ['Refiner', modelNameIn(fields.refiner_model)],
    ...adapters(fields),
    ...canvasOf(fields),
    ...besides(fields),
  ];
  const words = COMPEL_MODES.test(mode) ? compelWeights : (text: string) => text;
  return {
    prompt: words(prompt),
    negative: words(textIn(fields.negative_prompt)),
    loras: listIn(fields.loras).flatMap(loraOf),
    settings: settingsOf(settings),
    madeOf: /inpaint|outpaint/.test(mode) ? 'picture and mask' : isOfPicture ? 'picture' : undefined,
  };
}

/** Of SD 1.5 and SDXL; other models take their prompt as it is. */
const COMPEL_MODES = /^(sdxl_)?(txt2img|img2img|inpaint|outpaint)$/;

/** Pictures and models that steered it. */
const adapters = (fields: Fields): [string, string][] =>
  (
    [
      ['ControlNet', fields.controlnets, 'control_model'],
      ['T2I adapter', fields.t2iAdapters, 't2i_adapter_model'],
      ['IP adapter', fields.ipAdapters, 'ip_adapter_model'],
    ] as const
  ).map(([name, list, key]) => [
    name,
    listIn(list)
      .filter(isFields)
      .map((each) => modelNameIn(each[key]))
      .join(', '),
  ]);

/** What steered it since version 5: layers of the canvas, and reference pictures. */
function canvasOf({ canvas_v2_metadata, ref_images }: Fields): [string, unknown][] {
  const canvas = isFields(canvas_v2_metadata) ? canvas_v2_metadata : {};
  const enabled = (list: unknown) =>
    listIn(list)
      .filter(isFields)
      .filter(({ isEnabled }) => isEnabled !== false);
  const modelIn = (adapter: unknown) =>
    isFields(adapter) ? modelNameIn(adapter.model) || textIn(adapter.type) : '';
  return [
    ['Control layers', enabled(canvas.controlLayers).map(({ controlAdapter }) => modelIn(controlAdapter))],
    ['Regional guidance', enabled(canvas.regionalGuidance).map(({ positivePrompt }) => positivePrompt)],
    ['Reference images', enabled(ref_images).map(({ config }) => modelIn(config))],
  ];
}

const besides = (fields: Fields): [string, unknown][] => [
  ['Style prompt', unlessSame(fields.positive_style_prompt, fields.positive_prompt)],
  ['Negative style prompt', unlessSame(fields.negative_style_prompt, fields.negative_prompt)],
  ['CFG rescale', unlessZero(fields.cfg_rescale_multiplier)],
  ['Seamless X', fields.seamless_x],
  ['Seamless Y', fields.seamless_y],
  ['High resolution fix', fields.hrf_enabled === true ? (fields.hrf_strength ?? true) : ''],
  ['Upscale model', modelNameIn(fields.upscale_model)],
  ['Upscale scale', fields.upscale_scale],
  ['Creativity', fields.creativity],
  ['Structure', fields.structure],
  ['DyPE', textIn(fields.dype_preset) === 'off' ? '' : fields.dype_preset],
];

const unlessSame = (value: unknown, other: unknown): unknown =>
  textIn(value) === textIn(other) ? '' : value;
const unlessZero = (value: unknown): unknown => (textIn(value) === '0' ? '' : value);

const loraOf = (value: unknown): Lora[] => {
  if (!isFields(value)) return [];
  const name = modelNameIn(value.model) || modelNameIn(value.lora);
  return name === '' ? [] : [{ name, weight: typeof value.weight === 'number' ? value.weight : 1 }];
};

function fromSdMetadata(fields: Fields, image: Fields): ForeignRecipe | null {
  const written = listIn(image.prompt)
    .filter(isFields)
    .map((part) => textIn(part.prompt))
    .join(' ');
  const { prompt, negative } = apart(written || textIn(image.prompt));
  if (prompt === '') return null;
  const settings: [string, unknown][] = [
    ['Steps', image.steps],
    ...samplerOf(textIn(image.sampler)),
    ['CFG scale', image.cfg_scale],
    ['Seed', image.seed],
    ['Size', sizeText(image.width, image.height)],
    ['Model', fields.model_weights],
    ['Denoising strength', image.type === 'img2img' ? image.strength : ''],
    ['Threshold', unlessZero(image.threshold)],
    ['Perlin', unlessZero(image.perlin)],
    ['Seamless', image.seamless],
    ['Hires fix', image.hires_fix],
  ];
  const madeOf =
    image.type === 'img2img' ? 'picture' : image.type === 'inpaint' ? 'picture and mask' : undefined;
  return { prompt, negative, loras: [], settings: settingsOf(settings), madeOf };
}

const SWITCHES: Record<string, string> = { s: 'Steps', S: 'Seed', C: 'CFG scale', A: 'Sampler' };

/** `"a castle [fog]" -s 50 -S 42 -W 512 -H 512 -C 7.5 -A k_lms` */
function fromDream(text: string): ForeignRecipe | null {
  const [, written = ''] = /^\s*"((?:\\.|[^"\\])*)"/.exec(text) ?? [];
  const { prompt, negative } = apart(written.replace(/\\(.)/g, '$1'));
  if (prompt === '') return null;
  const given = new Map(
    [...text.matchAll(/\s-([A-Za-z])\s*([^\s"]+)/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const settings: [string, unknown][] = Object.entries(SWITCHES).flatMap(([key, name]) =>
    name === 'Sampler' ? samplerOf(given.get(key) ?? '') : [[name, given.get(key)]],
  );
  settings.push(['Size', sizeText(given.get('W'), given.get('H'))]);
  return {
    prompt,
    negative,
    loras: [],
    settings: settingsOf(settings),
    madeOf: given.has('I') ? 'picture' : undefined,
  };
}

/** The negative prompt stands in square brackets. */
function apart(written: string): { prompt: string; negative: string } {
  const negatives = [...written.matchAll(/\[([^[\]]*)\]/g)].map(([, words = '']) => words.trim());
  return {
    prompt: written.replace(/(?<!\s)\s*\[[^[\]]*\]/g, '').trim(),
    negative: negatives.join(', '),
  };
}

/** `k_euler_a`, `dpmpp_2m_k`: a letter before for the library, one behind for ancestral or Karras. */
function samplerOf(written: string): [string, string][] {
  const name = written.replace(/^k_/, '');
  const bare = name.replace(/_k$/, '').replace(/_a$/, '_ancestral');
  const known: Record<string, string> = {
    unipc: 'uni_pc',
    dpmpp_2: 'dpmpp_2m',
    kdpm_2: 'dpm_2',
    kdpm_2_ancestral: 'dpm_2_ancestral',
  };
  const sampler = Object.hasOwn(known, bare) ? (known[bare] ?? bare) : bare;
  return name.endsWith('_k')
    ? [
        ['Sampler', sampler],
        ['Schedule type', 'karras'],
      ]
    : [['Sampler', sampler]];
}
