/**
 * Resolves a received recipe: only fields of its kind, pictures by id, a recipeStyleOf of the style. It runs in the
 * transaction that stores the task, so that nothing it names is deleted in between. A refusal names the field of the
 * recipe.
 */
import {
  type Bilingual,
  type Caller,
  extendedSize,
  extendsNothing,
  type GenerationType,
  MAX_EXTENDED_PIXELS,
  MAX_EXTENDED_SIDE_PX,
  MAX_REFERENCES,
  type Recipe,
  type RecipeAnimation,
  type RecipeStyle,
  type RecipeVideo,
  recipeStyleOf,
  type Size,
  StudioError,
  type Style,
  type TaskKind,
} from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { DEFAULT_FACTOR, refuseLargeResult } from '../engines/upscale-limit.ts';
import { refuseFrameCount, refuseUnplayable } from './animation-frames.ts';

export interface StyleLookup {
  /**
   * By its id, or else by its name. With a step, its `lora_path` is the file of that step.
   * @throws StudioError `style_not_found`, `style_step_missing` with `field`
   */
  find(
    caller: Caller,
    style: Pick<RecipeStyle, 'id' | 'name' | 'step'>,
    field: string,
    db: Reader,
  ): Promise<Style>;
}

export interface PictureLookup {
  /** @throws StudioError `image_not_found` with `field` */
  resolve(caller: Caller, ref: string, field: string, db: Reader): Promise<FoundPicture>;
  /** The kept frames of a video; otherwise the picture itself. @throws StudioError `image_not_found`, `video_frames_missing` */
  frames(caller: Caller, ref: string, field: string, db: Reader): Promise<FoundPicture[]>;
}

interface FoundPicture extends Size {
  id: string;
  name: string;
}

export interface Lookups {
  styles: StyleLookup;
  pictures: PictureLookup;
  /** The label of a family. */
  labelOf: (family: string) => Bilingual | string;
  /** The first of these families that can run this now, or else the first that could; null: none is made for it. */
  firstAble: (families: readonly string[], recipe: Recipe) => string | null;
  /** It may have an empty prompt. */
  isWordless: (recipe: Recipe) => boolean;
}

export async function resolveRecipe(
  caller: Caller,
  sent: Recipe,
  db: Reader,
  lookups: Lookups,
): Promise<Recipe> {
  refuseMisplaced(sent);
  const recipe = ofItsKind(sent);
  refuseIncomplete(recipe, lookups.isWordless(recipe));
  const picture = (ref: string, field: string) => lookups.pictures.resolve(caller, ref, field, db);
  const idOf = async (ref: string, field: string) => (await picture(ref, field)).id;
  const style = recipe.style && (await lookups.styles.find(caller, recipe.style, 'style', db));
  const { mask_image, controlnet, video } = recipe;
  const framesOf = async ({ references: refs }: Recipe, animation: RecipeAnimation): Promise<string[]> => {
    const frames: FoundPicture[] = [];
    for (const [index, ref] of refs.entries())
      frames.push(...(await lookups.pictures.frames(caller, ref, `references.${index}`, db)));
    refuseFrameCount(frames.length, 'references');
    refuseUnplayable(animation, frames);
    return frames.map(({ id }) => id);
  };
  const input = recipe.input_image ? await picture(recipe.input_image, 'input_image') : null;
  if (recipe.kind === 'upscale' && input) refuseLargeResult(input, recipe.params.factor ?? DEFAULT_FACTOR);
  if (recipe.outpaint && input) refuseLargeExtension(extendedSize(input, recipe.outpaint));
  const references: string[] = [];
  if (recipe.animation) references.push(...(await framesOf(recipe, recipe.animation)));
  else
    for (const [index, ref] of recipe.references.entries())
      references.push(await idOf(ref, `references.${index}`));
  const style_images: Recipe['style_images'] = [];
  for (const [index, { image, strength }] of recipe.style_images.entries())
    style_images.push({ image: await idOf(image, `style_images.${index}.image`), strength });
  return {
    ...recipe,
    family: familyFor(recipe, style, lookups),
    style: style && recipeStyleOf(style, recipe.style ?? {}),
    input_image: input?.id ?? null,
    mask_image: mask_image && (await idOf(mask_image, 'mask_image')),
    references,
    style_images,
    controlnet: controlnet && { ...controlnet, image: await idOf(controlnet.image, 'controlnet.image') },
    video: video && {
      ...video,
      end_image: video.end_image && (await idOf(video.end_image, 'video.end_image')),
    },
  };
}

type PictureField = 'input_image' | 'mask_image' | 'references' | 'style_images' | 'controlnet';

const OF_GENERATIONS: Record<GenerationType, PictureField[]> = {
  txt2img: ['references', 'style_images', 'controlnet'],
  img2img: ['input_image', 'references', 'style_images', 'controlnet'],
  inpaint: ['input_image', 'mask_image', 'references', 'style_images', 'controlnet'],
};

const OF_OTHERS: Record<Exclude<TaskKind, 'generation'>, PictureField[]> = {
  edit: ['input_image', 'mask_image', 'references', 'style_images', 'controlnet'],
  remove_bg: ['input_image'],
  upscale: ['input_image'],
  video: ['input_image'],
  animation: ['references'],
  control_preview: ['controlnet'],
  training: ['references'],
};

/** Removes fields that its kind does not use, which would be stored, with their pictures, without effect. */
function ofItsKind(recipe: Recipe): Recipe {
  const { kind, controlnet } = recipe;
  const type = kind === 'generation' ? (recipe.type ?? 'txt2img') : null;
  const used = kind === 'generation' ? OF_GENERATIONS[type ?? 'txt2img'] : OF_OTHERS[kind];
  const isUsed = (field: PictureField) => used.includes(field);
  return {
    ...recipe,
    type,
    input_image: isUsed('input_image') ? recipe.input_image : null,
    mask_image: isUsed('mask_image') ? recipe.mask_image : null,
    references: isUsed('references') ? recipe.references : [],
    style_images: isUsed('style_images') ? recipe.style_images : [],
    outpaint: recipe.outpaint && !extendsNothing(recipe.outpaint) ? recipe.outpaint : null,
    controlnet: isUsed('controlnet') && controlnet?.enabled ? controlnet : null,
    video: kind === 'video' ? recipe.video : null,
    animation: kind === 'animation' ? recipe.animation : null,
    training: kind === 'training' ? recipe.training : null,
  };
}

const WORDED: readonly TaskKind[] = ['generation', 'edit', 'video'];

/** A generation would silently be another one without it. */
function refuseMisplaced({ kind, type, mask_image, outpaint }: Recipe): void {
  if (outpaint === null) return;
  if (kind !== 'generation' || type !== 'inpaint') throw invalid('outpaint', NOT_INPAINT);
  if (extendsNothing(outpaint) && mask_image === null) throw invalid('outpaint', EXTENDS_NOTHING);
}

/** @throws StudioError `extended_too_large` with the field `outpaint` */
function refuseLargeExtension({ width, height }: Size): void {
  if (Math.max(width, height) <= MAX_EXTENDED_SIDE_PX && width * height <= MAX_EXTENDED_PIXELS) return;
  throw new StudioError('extended_too_large', {
    data: { width, height, side: MAX_EXTENDED_SIDE_PX, limit: MAX_EXTENDED_PIXELS / 1e6 },
    field: 'outpaint',
  });
}

function refuseIncomplete(recipe: Recipe, mayBeWordless: boolean): void {
  const { kind, type, prompt, input_image, mask_image, outpaint, references, controlnet } = recipe;
  const isWorded = WORDED.includes(kind) && !mayBeWordless;
  if (isWorded && prompt === '') throw invalid('prompt', EMPTY);
  if (type === 'inpaint' && !(input_image && (mask_image || outpaint)))
    throw new StudioError('mask_missing', { field: 'mask_image' });
  const isOfInput = type === 'img2img' || kind === 'remove_bg' || kind === 'upscale';
  if (isOfInput && !input_image) throw new StudioError('input_image_missing', { field: 'input_image' });
  if (kind === 'control_preview' && !controlnet) throw invalid('controlnet', REQUIRED);
  if (kind === 'edit' && references.length === 0) throw invalid('references', EMPTY);
  if (kind === 'edit' && references.length > MAX_REFERENCES) throw invalid('references', TOO_MANY);
  if (kind === 'animation' && !recipe.animation) throw invalid('animation', REQUIRED);
  if (kind === 'animation') refuseFrameCount(references.length, 'references');
  if (recipe.video) refuseUnclear(recipe.video, input_image);
}

function refuseUnclear({ end_image, frames, seconds }: RecipeVideo, start: string | null): void {
  if (end_image && !start) throw new StudioError('input_image_missing', { field: 'input_image' });
  if (frames !== null && seconds !== null) throw invalid('video.seconds', TWO_LENGTHS);
}

const EMPTY = { en: 'must not be empty', zh: '不能为空' };
const REQUIRED = { en: 'is required', zh: '为必填项' };
const TWO_LENGTHS = { en: 'cannot be given beside frames', zh: '不能与 frames 同时指定' };
const NOT_INPAINT = { en: 'needs the type inpaint', zh: '仅用于 inpaint 类型' };
const EXTENDS_NOTHING = {
  en: 'must add at least one pixel at a side',
  zh: '至少有一边须大于 0 像素',
};
const TOO_MANY = {
  en: `must be at most ${MAX_REFERENCES} items long`,
  zh: `最多为 ${MAX_REFERENCES} 项`,
};

const invalid = (field: string, reason: Bilingual) =>
  new StudioError('invalid_request', { data: { reason }, field });

/**
 * A style with a LoRA file of its own works with the families that the file fits; one of them is then the default.
 * @throws StudioError `style_family` where another is named, or where none is made for this kind of work
 */
function familyFor(recipe: Recipe, style: Style | null, { labelOf, firstAble }: Lookups): string | null {
  if (!style || style.families.length === 0) return recipe.family;
  const refused = (field: string) =>
    new StudioError('style_family', {
      data: { style: style.name, family: style.families.map(labelOf) },
      field,
    });
  if (recipe.family !== null && !style.families.includes(recipe.family)) throw refused('family');
  const family = recipe.family ?? firstAble(style.families, recipe);
  if (family === null) throw refused('style');
  return family;
}
