/** Converts a recipe to a draft. Pure. Everything that the form cannot take is listed in `lost`. */
import {
  DEFAULT_NEGATIVE_PROMPT,
  type FamilyOffer,
  type FamilyParam,
  fitSize,
  isSeedAbove,
  MAX_DRAWN_SEED,
  type Recipe,
  type Size,
  type Style,
  videoLength,
} from '@limner/contract';
import type { Control, Draft, Mode, ParamValues, Picture, Ratio, VideoDraft } from '../draft/draft.ts';
import { familyFor, familyWith, suggestedNegative } from '../draft/draft-rules.ts';
import { RATIO_NAMES, sizeOfRatio } from '../sizes.ts';
import type { Lost } from './lost.ts';
import { valuesOf } from './param-values.ts';

/** What this installation has, for restoring a recipe. */
export interface Here {
  families: FamilyOffer[];
  styles: Style[];
  /** Every picture of the recipe; null for missing ones. */
  pictures: ReadonlyMap<string, Picture | null>;
}

/** The parts of the form that a recipe sets; not the number of pictures. */
export type RecipeDraft = Omit<Draft, 'count' | 'promptHistory'>;

export interface Restored {
  draft: RecipeDraft;
  /** null: the recipe has no style, or it does not exist. */
  style: Style | null;
  lost: Lost[];
}

export function toDraft(recipe: Recipe, here: Here): Restored {
  const lost: Lost[] = [];
  const { kind, video } = recipe;
  const mode: Mode = kind === 'edit' || kind === 'video' ? kind : (recipe.type ?? 'txt2img');
  const held = pictures(recipe, here, lost);
  const offer = familyFor(here.families, { mode, family: recipe.family, ...held });
  const family = offer && familyWith(offer, valuesOf(recipe));
  if (recipe.family !== null && recipe.family !== family?.id)
    lost.push({ field: 'family', what: 'family', name: recipe.family });
  const draft: RecipeDraft = {
    mode,
    prompt: recipe.prompt,
    negative: negative(recipe, family, lost),
    family: recipe.family === family?.id ? recipe.family : null,
    ...seed(recipe, family, lost),
    ...size(recipe, family, lost),
    params: family ? { [family.id]: params(recipe, family, lost) } : lostParams(recipe, lost),
    ...held,
    video: videoDraft(video, family, lost),
    styleImages: styleImages(recipe, family, here, lost),
    control: control(recipe, family, here, lost),
    loras: loras(recipe, family, lost),
  };
  return { draft, style: style(recipe, here, lost), lost };
}

function videoDraft(video: Recipe['video'], family: FamilyOffer | null, lost: Lost[]): VideoDraft {
  const keepFrames = video?.keep_frames ?? false;
  const limits = family?.video;
  if (video && !limits) lost.push({ field: 'video', what: 'noVideo' });
  if (!video || !limits) return { seconds: null, fps: null, keepFrames };
  const asked = videoLength(limits, video);
  const fps = Math.min(limits.fps.max, Math.max(limits.fps.min, asked.fps));
  const set = videoLength(limits, { ...video, fps });
  const frames = video.frames ?? asked.frames;
  if (set.frames !== frames || fps !== asked.fps)
    lost.push({ field: 'video', what: 'videoLength', asked: { frames, fps: asked.fps }, set });
  const isUsual = video.frames === null && video.seconds === null;
  return { seconds: isUsual ? null : set.seconds, fps: fps === limits.fps.default ? null : fps, keepFrames };
}

function negative({ negative_prompt }: Recipe, family: FamilyOffer | null, lost: Lost[]): string | null {
  const takes = family?.params.some(({ key, effect }) => key === 'negative_prompt' && effect);
  if (family && takes) return negative_prompt === suggestedNegative(family) ? null : negative_prompt;
  // The default one was not typed by the user and had no effect, so it is not reported as lost.
  if (negative_prompt !== '' && negative_prompt !== DEFAULT_NEGATIVE_PROMPT)
    lost.push({ field: 'negative_prompt', what: 'negative', family });
  return null;
}

function seed({ seed }: Recipe, family: FamilyOffer | null, lost: Lost[]) {
  if (seed === null || !isSeedAbove(seed, family?.max_seed ?? MAX_DRAWN_SEED))
    return { seed, seedText: null };
  lost.push({ field: 'seed', what: 'seed', seed, family });
  return { seed: null, seedText: null };
}

const AS_SUGGESTED = { ratio: '1:1' as Ratio, longSide: null, free: null };

function size({ kind, width, height }: Recipe, family: FamilyOffer | null, lost: Lost[]) {
  if (width === null || height === null) return AS_SUGGESTED;
  const asked = { width, height };
  const limits = kind === 'edit' ? null : family?.size;
  const set = limits ? fitSize(limits, asked) : null;
  if (set?.width !== width || set?.height !== height) lost.push({ field: 'width', what: 'size', asked, set });
  return limits && set ? sizeDraft(set, limits) : AS_SUGGESTED;
}

function sizeDraft(size: Size, limits: NonNullable<FamilyOffer['size']>) {
  const longSide = Math.max(size.width, size.height);
  const ratio = RATIO_NAMES.find((name) => {
    const { width, height } = sizeOfRatio(name, longSide, limits);
    return width === size.width && height === size.height;
  });
  return { ratio: ratio ?? ('free' as const), longSide, free: size };
}

function params(recipe: Recipe, family: FamilyOffer, lost: Lost[]): ParamValues {
  const kept: ParamValues = {};
  for (const [key, value] of Object.entries(valuesOf(recipe))) {
    const param = family.params.find((candidate) => candidate.key === key);
    if (param && takes(param, value)) kept[key] = value;
    else lost.push({ field: 'params', what: 'param', key, value, family });
  }
  return kept;
}

function lostParams(recipe: Recipe, lost: Lost[]): Record<string, ParamValues> {
  for (const [key, value] of Object.entries(valuesOf(recipe)))
    lost.push({ field: 'params', what: 'param', key, value, family: null });
  return {};
}

function takes(param: FamilyParam, value: number | string | boolean): boolean {
  if (!param.effect) return false;
  if (param.type === 'text') return typeof value === 'string';
  if (param.type === 'choice')
    // Without a list the choices are the server's files.
    return !param.choices?.length || param.choices.some((choice) => choice.value === value);
  if (typeof value !== 'number') return false;
  return value >= (param.min ?? Number.NEGATIVE_INFINITY) && value <= (param.max ?? Number.POSITIVE_INFINITY);
}

function pictures(recipe: Recipe, { pictures }: Here, lost: Lost[]) {
  const find = (
    ref: string | null,
    field: 'input_image' | 'mask_image' | 'references' | 'video',
  ): Picture | null => {
    const picture = ref === null ? null : (pictures.get(ref) ?? null);
    if (ref !== null && !picture) lost.push({ field, what: 'picture' });
    return picture;
  };
  // PNGs of earlier versions say only that there was a picture, not which one.
  const { kind, type, outpaint } = recipe;
  if ((type === 'img2img' || type === 'inpaint') && recipe.input_image === null)
    lost.push({ field: 'input_image', what: 'unnamedPicture' });
  if (type === 'inpaint' && recipe.mask_image === null && !outpaint)
    lost.push({ field: 'mask_image', what: 'unnamedPicture' });
  if (kind === 'edit' && recipe.references.length === 0)
    lost.push({ field: 'references', what: 'unnamedPicture' });
  return {
    input: find(recipe.input_image, 'input_image'),
    mask: find(recipe.mask_image, 'mask_image'),
    outpaint,
    end: find(recipe.video?.end_image ?? null, 'video'),
    references: recipe.references.map((ref) => find(ref, 'references')).filter((picture) => picture !== null),
  };
}

function styleImages(
  { style_images }: Recipe,
  family: FamilyOffer | null,
  { pictures }: Here,
  lost: Lost[],
): Draft['styleImages'] {
  if (style_images.length > 0 && !family?.style_images) {
    lost.push({ field: 'style_images', what: 'styleImages', family });
    return [];
  }
  return style_images.flatMap(({ image, strength }) => {
    const picture = pictures.get(image);
    if (!picture) lost.push({ field: 'style_images', what: 'picture' });
    return picture ? [{ picture, strength }] : [];
  });
}

const NO_CONTROL: Control = {
  enabled: false,
  type: 'canny',
  picture: null,
  strength: 0.7,
  start: 0,
  end: 1,
};

function control(
  { controlnet }: Recipe,
  family: FamilyOffer | null,
  { pictures }: Here,
  lost: Lost[],
): Control {
  if (!controlnet?.enabled) return NO_CONTROL;
  const { type, image, strength, start, end } = controlnet;
  const picture = pictures.get(image) ?? null;
  const known = family?.controls.includes(type) ?? false;
  if (!known) lost.push({ field: 'controlnet', what: 'control', type, family });
  else if (!picture) lost.push({ field: 'controlnet', what: 'picture' });
  return { enabled: known, type, picture, strength, start, end };
}

function loras({ loras }: Recipe, family: FamilyOffer | null, lost: Lost[]): Recipe['loras'] {
  if (family?.loras) return loras;
  for (const { name } of loras) lost.push({ field: 'loras', what: 'lora', name, family });
  return [];
}

/** The style with the recipe's id, otherwise with its name, because recipes of other programs have no id. */
function style({ style }: Recipe, { styles }: Here, lost: Lost[]): Style | null {
  if (!style) return null;
  const here = styles.find(({ id }) => id === style.id) ?? styles.find(({ name }) => name === style.name);
  if (!here) lost.push({ field: 'style', what: 'style', name: style.name });
  else if (style.id !== null && hasChanged(here, style))
    lost.push({ field: 'style', what: 'styleChanged', name: here.name });
  return here ?? null;
}

/** A changed name alone has no effect. */
const hasChanged = (here: Style, then: NonNullable<Recipe['style']>): boolean =>
  here.trigger_words !== then.trigger_words ||
  here.lora_path !== then.lora_path ||
  here.family !== then.family;
