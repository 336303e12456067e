/** Requests: a recipe's fields under the names of each route, number of pictures and priority. */
import { z } from 'zod';
import { CREATIVITY, DEFAULT_NEGATIVE_PROMPT, MAX_BATCH, MAX_REFERENCES } from './limits.ts';
import { ControlType, GenerationType, ImageRef, Recipe, RecipeAnimation, RecipeVideo } from './recipe.ts';
import { Priority, TaskId } from './task.ts';

const { prompt, negative_prompt, references } = Recipe.shape;
const painted = { family: true, loras: true, width: true, height: true, params: true, seed: true } as const;
const asked = { prompt: prompt.unwrap().min(1), style_id: z.number().int().positive().nullable().optional() };

const order = {
  batch_size: z.number().int().min(1).max(MAX_BATCH).default(1),
  priority: Priority,
  /** The task from which this one was made. */
  source_task_id: TaskId.nullable().optional(),
};
const { batch_size, priority, source_task_id } = order;

/** `POST /api/tasks`: paint a recipe, whatever its kind. A training is asked for with `POST /api/training`. */
export const TaskRequest = z.strictObject({
  recipe: Recipe.extend({ kind: Recipe.shape.kind.exclude(['training']) }),
  ...order,
});
export type TaskRequest = z.infer<typeof TaskRequest>;
export type TaskInput = z.input<typeof TaskRequest>;

/** `POST /api/recipes/missing` */
export const MissingRequest = z.strictObject({ recipe: Recipe });
export type MissingRequest = z.infer<typeof MissingRequest>;

/** A ControlNet that is switched off needs no picture: forms send their empty fields with it. */
const controlnet = z.preprocess(
  (value) => (z.looseObject({ enabled: z.literal(false) }).safeParse(value).success ? null : value),
  Recipe.shape.controlnet,
) as unknown as typeof Recipe.shape.controlnet;

/** `POST /api/generate`. Unknown fields are refused, so that a typing error is not ignored. */
export const GenerateRequest = Recipe.pick({
  ...painted,
  input_image: true,
  mask_image: true,
  style_images: true,
  outpaint: true,
}).extend({
  ...asked,
  controlnet,
  /** Empty only where a picture is taken apart into layers. */
  prompt: prompt.unwrap(),
  type: GenerationType.default('txt2img'),
  negative_prompt: negative_prompt.unwrap().default(DEFAULT_NEGATIVE_PROMPT),
  batch_size,
  priority,
});
export type GenerateRequest = z.infer<typeof GenerateRequest>;
export type GenerateInput = z.input<typeof GenerateRequest>;

/** `POST /api/edit`: changes a picture by instruction, or makes a new one from several. */
export const EditRequest = Recipe.pick({ ...painted, style_images: true }).extend({
  ...asked,
  images: references.unwrap().min(1).max(MAX_REFERENCES),
  ...order,
});
export type EditRequest = z.infer<typeof EditRequest>;
export type EditInput = z.input<typeof EditRequest>;

/** `POST /api/video`: from words, from a first frame, or between a first and a last one. */
export const VideoRequest = Recipe.pick(painted).extend({
  ...asked,
  ...RecipeVideo.shape,
  negative_prompt: negative_prompt.unwrap().default(DEFAULT_NEGATIVE_PROMPT),
  start_image: Recipe.shape.input_image,
  ...order,
});
export type VideoRequest = z.infer<typeof VideoRequest>;
export type VideoInput = z.input<typeof VideoRequest>;

/** `POST /api/animations`: pictures of one size as a sprite sheet or an animated file. */
export const AnimationRequest = RecipeAnimation.extend({
  /** In their order; one may come more than once. A video stands for its kept frames. */
  frames: z.array(ImageRef),
  priority,
  source_task_id,
});
export type AnimationRequest = z.infer<typeof AnimationRequest>;
export type AnimationInput = z.input<typeof AnimationRequest>;

/** `POST /api/controlnet/preview`: what a ControlNet receives of a picture. */
export const ControlPreviewRequest = Recipe.pick({ family: true, width: true, height: true }).extend({
  image: ImageRef,
  type: ControlType,
  priority: priority.unwrap().default(10),
});
export type ControlPreviewRequest = z.infer<typeof ControlPreviewRequest>;
export type ControlPreviewInput = z.input<typeof ControlPreviewRequest>;

/** Of requests that make one picture of another. */
const ofPicture = { input_image: ImageRef, family: Recipe.shape.family, priority, source_task_id };

export const CutOutModel = z
  .string()
  .min(1)
  .max(100)
  .describe('birefnet, birefnet-hr, or a name the remove-background family offers');

/** `POST /api/remove-bg`. */
export const RemoveBgRequest = z.strictObject({
  ...ofPicture,
  /** Absent: the best one available. A workflow that `family` names has its own. */
  model: CutOutModel.optional(),
});
export type RemoveBgRequest = z.infer<typeof RemoveBgRequest>;
export type RemoveBgInput = z.input<typeof RemoveBgRequest>;

export const Creativity = z
  .number()
  .min(CREATIVITY.min)
  .max(CREATIVITY.max)
  .describe(
    `the picture is painted again after it is enlarged: ${CREATIVITY.min} faithful … ${CREATIVITY.max} creative; absent: only enlarged`,
  );

/** `POST /api/upscale`. */
export const UpscaleRequest = z.strictObject({
  ...ofPicture,
  factor: z.number().int().min(2).max(4).describe('absent: 2').optional(),
  /** An enlarging model; with `creativity` the picture model that paints. */
  model: z.string().max(200).optional(),
  creativity: Creativity.optional(),
  /** Only with `creativity`. */
  prompt: prompt.unwrap().optional(),
});
export type UpscaleRequest = z.infer<typeof UpscaleRequest>;
export type UpscaleInput = z.input<typeof UpscaleRequest>;
