/** Converts a body to a recipe. Pure: what is there to choose from, and the family that will paint, are passed in. */
import {
  type Bilingual,
  type ControlNet,
  type Family,
  type GenerationType,
  MAX_BATCH,
  namesOfStyle,
  paramsWith,
  Recipe,
  type Size,
  type Style,
} from '@limner/contract';
import { readTags } from '../../../prompts/lora-tags.ts';
import type { RequestedTask } from '../../../tasks/requested-task.ts';
import { invalid } from '../../parse.ts';
import { modelName } from '../model-names.ts';
import { type FittedParams, paramsFor } from './family-params.ts';
import type { GenerationBody, Img2ImgBody, Txt2ImgBody } from './generation-body.ts';
import { type Hires, hiresFields } from './hires.ts';
import { type Model, modelNamed } from './models.ts';
import { hasHires, hiresParams, hiresTarget } from './second-pass.ts';

export interface Choices {
  models: readonly Model[];
  /** Name of the model that the client has selected in the options; null: the best one. */
  selected: string | null;
  /** LoRAs as the servers list them. */
  loras: readonly string[];
  styles: readonly Style[];
  /** The family that would paint a recipe; null if none can. */
  familyFor: (recipe: Recipe) => Family | null;
  /** For several pictures without a seed: each has the one before and 1, as in A1111. */
  drawnSeed: number;
}

/** Ids of the pictures that the body contains. */
export interface SentPictures {
  input: string | null;
  mask: string | null;
  control: { control: ControlNet; notes: Bilingual[] } | null;
}

export interface RequestedPictures {
  requested: RequestedTask;
  hires: Hires;
  /** What was done otherwise than asked. */
  notes: Bilingual[];
}

export const WITHOUT_PICTURES: SentPictures = { input: null, mask: null, control: null };
/** A1111's, where a client says nothing. */
const DENOISING_STRENGTH = 0.75;

export function requestedPictures(
  body: Txt2ImgBody | Img2ImgBody,
  pictures: SentPictures,
  choices: Choices,
): RequestedPictures {
  refuseScript(body);
  const style = chosenStyle(body, choices.styles);
  const words = Recipe.parse({
    kind: 'generation',
    type: typeOf(pictures),
    prompt: body.prompt,
    negative_prompt: body.negative_prompt,
    style: style.id === null ? null : { id: style.id },
    input_image: pictures.input,
    mask_image: pictures.mask,
    controlnet: pictures.control?.control ?? null,
    width: body.width,
    height: body.height,
    seed: seedFor(body, choices),
  });
  // Its tags are read where its words are drawn; here they decide which family it is.
  const { loras } = readTags(words.prompt, choices.loras);
  const familyOf = ({ family, params }: ChosenModel) =>
    choices.familyFor({ ...words, family, params, loras });
  const model = ableModel(chosenModel(body, choices), familyOf);
  const draft = { ...words, family: model.family, params: model.params };
  const family = withFile(familyOf(model), draft.params);
  const fitted = family ? paramsFor(family, withStrength(body, pictures)) : NOTHING;
  const target = family && pictures.input === null ? hiresTarget(body, firstSize(draft, family)) : null;
  const isPaintedTwice = family !== null && target !== null && hasHires(family);
  const hires = isPaintedTwice ? hiresParams(family, body, target, fitted.params) : NOTHING;
  return {
    requested: {
      recipe: { ...draft, params: { ...draft.params, ...fitted.params, ...hires.params } },
      order: { batch_size: pictureCount(body), priority: 0 },
      isWordless: true,
      fieldOf,
    },
    hires: {
      fit: isPaintedTwice ? target.fit : null,
      enlarge: target && !isPaintedTwice ? hiresFields(body, target) : null,
    },
    notes: [
      ...model.notes,
      ...style.notes,
      ...fitted.notes,
      ...hires.notes,
      ...(pictures.control?.notes ?? []),
      ...withoutEffect(body),
    ],
  };
}

/** Its parameters as its chosen file changes them. */
const withFile = (family: Family | null, values: Recipe['params']): Family | null =>
  family && { ...family, params: paramsWith(family.params, values) };

const typeOf = ({ input, mask }: SentPictures): GenerationType => {
  if (input === null) return 'txt2img';
  return mask === null ? 'img2img' : 'inpaint';
};

const NOTHING: FittedParams = { params: {}, notes: [] };

/** Of the first pass. */
const firstSize = ({ width, height }: Recipe, { size }: Family): Size => ({
  width: width ?? size?.default ?? 512,
  height: height ?? size?.default_height ?? size?.default ?? 512,
});

/** Of a picture from words alone it is the strength of the second pass. */
const withStrength = (body: GenerationBody, { input }: SentPictures): GenerationBody => ({
  ...body,
  denoising_strength: input === null ? undefined : (body.denoising_strength ?? DENOISING_STRENGTH),
});

function pictureCount({ batch_size = 1, n_iter = 1 }: GenerationBody): number {
  const count = batch_size * n_iter;
  if (count > MAX_BATCH) throw invalid('n_iter', tooMany(count));
  return count;
}

function refuseScript({ script_name = '' }: GenerationBody): void {
  if (script_name !== '' && script_name.toLowerCase() !== 'none') throw invalid('script_name', NO_SCRIPTS);
}

interface ChosenModel {
  /** null: the best one. */
  family: string | null;
  params: Recipe['params'];
  notes: Bilingual[];
}

/** Clients send their selected model along with whatever they ask; where it cannot do that, the best one does. */
function ableModel(model: ChosenModel, familyOf: (model: ChosenModel) => Family | null): ChosenModel {
  const best = { family: null, params: {}, notes: [] };
  if (model.family === null || familyOf(model) !== null || familyOf(best) === null) return model;
  return { ...best, notes: [...model.notes, unableModel(model.family)] };
}

/** Several pictures have consecutive seeds, also from a random one. */
function seedFor(body: GenerationBody, { drawnSeed }: Choices): number | null {
  if (body.seed !== undefined && body.seed >= 0) return body.seed;
  return pictureCount(body) > 1 ? drawnSeed : null;
}

function chosenModel({ override_settings }: GenerationBody, { models, selected }: Choices): ChosenModel {
  const written = override_settings?.sd_model_checkpoint;
  const model = modelNamed(models, written);
  const isUnknown = !model && typeof written === 'string' && written !== '';
  const { family = null, file = null } = model ?? models.find((each) => modelName(each) === selected) ?? {};
  return {
    family,
    params: file === null ? {} : { model: file },
    notes: isUnknown ? [unknownModel(written)] : [],
  };
}

/** A picture has one style here. */
function chosenStyle({ styles: names = [] }: GenerationBody, styles: readonly Style[]) {
  const asked = names.filter((name) => name !== '' && name.toLowerCase() !== 'none');
  const known = asked.map((name) => styles.find((style) => namesOfStyle(style).includes(name)));
  const first = known.find((style) => style !== undefined);
  const unused = asked.filter((_, index) => known[index] === undefined || known[index] !== first);
  return { id: first?.id ?? null, notes: unused.map(unusedStyle) };
}

/** What asks for more than Limner has. */
function withoutEffect(body: Txt2ImgBody | Img2ImgBody): Bilingual[] {
  const asked = {
    restore_faces: body.restore_faces === true,
    subseed_strength: Number(body.subseed_strength ?? 0) > 0,
    refiner_checkpoint: Boolean(body.refiner_checkpoint) && body.refiner_checkpoint !== 'None',
    inpaint_full_res: 'mask' in body && body.mask !== undefined && Boolean(body.inpaint_full_res),
    inpainting_fill: 'mask' in body && body.mask !== undefined && (body.inpainting_fill ?? 1) !== 1,
  };
  return Object.entries(asked).flatMap(([field, isAsked]) => (isAsked ? [noEffect(field)] : []));
}

/** The client's name of a field of the recipe. */
export function fieldOf(field: string): string {
  return FIELDS.reduce((name, [from, to]) => name.replace(from, to), field);
}

const FIELDS: [RegExp, string][] = [
  [/^(family|params\.model)$/, 'override_settings.sd_model_checkpoint'],
  [/^input_image/, 'init_images.0'],
  [/^mask_image/, 'mask'],
  [/^controlnet/, 'alwayson_scripts.controlnet.args.0'],
  [/^style.*/, 'styles'],
  [/^type$/, 'init_images'],
  [/^params\.cfg$/, 'cfg_scale'],
  [/^params\.guidance$/, 'distilled_cfg_scale'],
  [/^params\.(hires_)?denoise$/, 'denoising_strength'],
  [/^params\.hires_scale$/, 'hr_scale'],
  [/^params\.hires_steps$/, 'hr_second_pass_steps'],
  [/^params\.hires_upscaler$/, 'hr_upscaler'],
  [/^params\.sampler$/, 'sampler_name'],
  [/^params\.tileable$/, 'tiling'],
  [/^params\./, ''],
  [/^batch_size$/, 'n_iter'],
];

const tooMany = (count: number): Bilingual => ({
  en: `times batch_size is ${count} pictures; a request makes at most ${MAX_BATCH}`,
  zh: `与 batch_size 的乘积为 ${count} 张，一次请求最多 ${MAX_BATCH} 张`,
});

const NO_SCRIPTS: Bilingual = {
  en: 'names a script, and there are none here',
  zh: '指定了脚本，此处没有脚本',
};

const unknownModel = (written: string): Bilingual => ({
  en: `The model "${written}" does not exist here; another was used.`,
  zh: `此处没有模型「${written}」，已使用其他模型。`,
});

const unableModel = (family: string): Bilingual => ({
  en: `The model "${family}" cannot do this; another was used.`,
  zh: `模型「${family}」不支持此操作，已使用其他模型。`,
});

const unusedStyle = (name: string): Bilingual => ({
  en: `The style "${name}" is not used: it does not exist here, or another was named first.`,
  zh: `未使用风格「${name}」：此处没有它，或前面已指定其他风格。`,
});

const noEffect = (field: string): Bilingual => ({
  en: `${field} has no effect.`,
  zh: `${field} 不起作用。`,
});
