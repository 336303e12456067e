/**
 * Converts each route's request to a recipe. Pure. A refusal names a field of the recipe, and `fieldOf` returns the
 * name of that field in the request.
 */
import {
  type AnimationRequest,
  type ControlPreviewRequest,
  type EditRequest,
  type GenerateRequest,
  Recipe,
  type RecipeTraining,
  type RemoveBgRequest,
  type TaskRequest,
  type TrainingImage,
  type TrainingParams,
  type TrainingRequest,
  type UpscaleRequest,
  type VideoRequest,
} from '@limner/contract';
import { familyOfFormat } from '../engines/animation/families.ts';
import { refuseFrameCount } from './animation-frames.ts';

/** Fields of a new task besides its recipe; one frame where nothing is said. */
export type TaskOrder = Partial<Omit<TaskRequest, 'recipe'>> & Pick<TaskRequest, 'priority'>;

export interface RequestedTask {
  recipe: Recipe;
  order: TaskOrder;
  /** An empty prompt is meant; absent: it is refused as a mistake. */
  isWordless?: boolean;
  /** The caller left the family to the route; absent: the recipe's family is the caller's. */
  isFamilyImplied?: boolean;
  fieldOf: (field: string) => string;
}

/** The same names, but for the style, which requests name by its id. */
const ownFields = (field: string): string => (field === 'style' ? 'style_id' : field);

const renamed =
  (from: RegExp, to: string) =>
  (field: string): string =>
    ownFields(field.replace(from, to));

const styleOf = (id: number | null | undefined) => (id == null ? null : { id });

export const requestedRecipe = ({ recipe, ...order }: TaskRequest): RequestedTask => ({
  recipe,
  order,
  fieldOf: (field) => `recipe.${field}`,
});

export const requestedGeneration = ({
  style_id,
  batch_size,
  priority,
  ...recipe
}: GenerateRequest): RequestedTask => ({
  recipe: Recipe.parse({ ...recipe, kind: 'generation', style: styleOf(style_id) }),
  order: { batch_size, priority },
  fieldOf: ownFields,
});

export const requestedEdit = ({
  style_id,
  images,
  batch_size,
  priority,
  source_task_id,
  ...recipe
}: EditRequest): RequestedTask => ({
  recipe: Recipe.parse({ ...recipe, kind: 'edit', style: styleOf(style_id), references: images }),
  order: { batch_size, priority, source_task_id },
  fieldOf: renamed(/^references/, 'images'),
});

export const requestedVideo = ({
  style_id,
  start_image,
  batch_size,
  priority,
  source_task_id,
  end_image,
  frames,
  seconds,
  fps,
  keep_frames,
  ...recipe
}: VideoRequest): RequestedTask => ({
  recipe: Recipe.parse({
    ...recipe,
    kind: 'video',
    style: styleOf(style_id),
    input_image: start_image,
    video: { end_image, frames, seconds, fps, keep_frames },
  }),
  order: { batch_size, priority, source_task_id },
  fieldOf: (field) => ownFields(field.replace(/^video\./, '').replace(/^input_image$/, 'start_image')),
});

export const CUT_OUT_FAMILY = 'remove-background';
const CREATIVE_FAMILY = 'creative-upscale';

/** A named family has its own model. */
export const requestedCutOut = ({
  input_image,
  model,
  family,
  ...order
}: RemoveBgRequest): RequestedTask => ({
  recipe: Recipe.parse({
    kind: 'remove_bg',
    family: family ?? CUT_OUT_FAMILY,
    input_image,
    params: family === null || family === CUT_OUT_FAMILY ? { model } : {},
  }),
  order,
  isFamilyImplied: family === null && model === undefined,
  fieldOf: renamed(/^params\./, ''),
});

export const requestedUpscale = ({
  input_image,
  factor,
  model,
  creativity,
  prompt,
  family,
  ...order
}: UpscaleRequest): RequestedTask => ({
  recipe: Recipe.parse({
    kind: 'upscale',
    family: family ?? (creativity === undefined ? null : CREATIVE_FAMILY),
    input_image,
    prompt,
    params: { factor, model, denoise: creativity },
  }),
  order,
  fieldOf: (field) => renamed(/^params\./, '')(field.replace(/^params\.denoise$/, 'creativity')),
});

/** @throws StudioError `animation_empty`, `animation_too_long` */
export function requestedAnimation({
  frames,
  priority,
  source_task_id,
  ...animation
}: AnimationRequest): RequestedTask {
  refuseFrameCount(frames.length, 'frames');
  return {
    recipe: Recipe.parse({
      kind: 'animation',
      family: familyOfFormat(animation.format),
      references: frames,
      animation,
    }),
    order: { priority, source_task_id },
    fieldOf: (field) => field.replace(/^references/, 'frames').replace(/^animation\./, ''),
  };
}

export const requestedControlPreview = ({
  image,
  type,
  priority,
  ...recipe
}: ControlPreviewRequest): RequestedTask => ({
  recipe: Recipe.parse({ ...recipe, kind: 'control_preview', controlnet: { type, image } }),
  order: { priority },
  fieldOf: renamed(/^controlnet\.image$/, 'image'),
});

/** The pictures of a training, of its request or of a data set. */
export interface TrainingPictures
  extends Pick<RecipeTraining, 'trigger_words' | 'crops' | 'ground' | 'dataset'> {
  images: TrainingImage[];
}

/** `trainer` is the id of its family too; `params` are as it accepts them. */
export const requestedTraining = (
  { style_name, style_type, priority, trainer: named }: TrainingRequest,
  { images, ...pictures }: TrainingPictures,
  trainer: string,
  params: TrainingParams,
): RequestedTask => ({
  recipe: Recipe.parse({
    kind: 'training',
    family: trainer,
    prompt: style_name,
    references: images.map(({ image }) => image),
    training: {
      style_name,
      style_type,
      ...pictures,
      captions: images.map(({ caption }) => caption),
      params,
    },
  }),
  order: { priority },
  isFamilyImplied: named == null,
  fieldOf: (field) =>
    pictures.dataset
      ? field.replace(/^references\.\d+$/, 'dataset')
      : field.replace(/^references\.(\d+)$/, 'images.$1.image'),
});
