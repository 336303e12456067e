/**
 * A recipe is everything that decides a picture. A request is a recipe with a number of pictures and a priority; a task
 * stores its recipe with the family, size and style that were found for it; a frame is painted from the task's recipe
 * with the frame's own family and seed; a PNG carries that recipe with it (`picture-text.ts`). It is the same value
 * everywhere, so a new field here reaches all of them.
 *
 * Recipes are stored and travel inside pictures, so they must stay readable: within a version a field's schema may only
 * become wider, and a new field has a default. Anything else is a new version, which `read-recipe.ts` learns to read.
 */
import { z } from 'zod';
import { Crop, Ground } from './crop.ts';
import {
  MAX_ANIMATION_FRAMES,
  MAX_ANIMATION_NAME_CHARS,
  MAX_CAPTION_CHARS,
  MAX_FAMILY_CHARS,
  MAX_FPS,
  MAX_KEPT_CHOICE_CHARS,
  MAX_KEPT_CHOICES,
  MAX_LORA_NAME_CHARS,
  MAX_LORA_WEIGHT,
  MAX_LORAS,
  MAX_PADDING_PX,
  MAX_PROMPT_CHARS,
  MAX_SIDE_PX,
  MAX_STYLE_IMAGES,
  MAX_TRAINING_IMAGES,
  MAX_VIDEO_FRAMES,
  MIN_ANIMATION_FPS,
  MIN_SIDE_PX,
} from './limits.ts';
import { Outpaint } from './outpaint.ts';
import { Params } from './params.ts';
import { Seed } from './seed.ts';
import { type Style, StyleStrength, StyleType } from './style.ts';

export const TASK_KINDS = [
  'generation',
  'edit',
  'remove_bg',
  'control_preview',
  'upscale',
  'video',
  'animation',
  'training',
] as const;
export const TaskKind = z.enum(TASK_KINDS);
export type TaskKind = z.infer<typeof TaskKind>;

/** Of a generation: from words alone, after a picture, or within a picture where a mask is white, and around it. */
export const GenerationType = z.enum(['txt2img', 'img2img', 'inpaint']);
export type GenerationType = z.infer<typeof GenerationType>;

export const SidePx = z.number().int().min(MIN_SIDE_PX).max(MAX_SIDE_PX);
/** An upload's id (`u…`), an output's id (`12_0`), or the URL that Limner gave out for either. Never a path on a disk. */
export const ImageRef = z.string().min(1).max(500);
export type ImageRef = z.infer<typeof ImageRef>;

export const ControlType = z.enum(['canny', 'depth', 'tile', 'blur', 'pose']);
export type ControlType = z.infer<typeof ControlType>;

export const ControlNet = z.object({
  enabled: z.boolean().default(true),
  type: ControlType,
  image: ImageRef,
  strength: z.number().min(0).max(2).default(1),
  start: z.number().min(0).max(1).default(0),
  end: z.number().min(0).max(1).default(1),
});
export type ControlNet = z.infer<typeof ControlNet>;

/** A picture whose style is taken: its colours, light and brushwork, not what it shows. */
export const StyleImage = z.strictObject({
  image: ImageRef,
  /** 0: none of it, 1: all that the family can take. null: the family's default, also where it reads no strength. */
  strength: z.number().min(0).max(1).nullable().default(null),
});
export type StyleImage = z.infer<typeof StyleImage>;

/** A LoRA beside the style's own, by the name its server lists it under. */
export const Lora = z.strictObject({
  name: z.string().min(1).max(MAX_LORA_NAME_CHARS),
  weight: z.number().min(-MAX_LORA_WEIGHT).max(MAX_LORA_WEIGHT).default(1),
});

export type Lora = z.infer<typeof Lora>;

/**
 * The style as it was when the task was made. In a request only `id`, or else `name`, `strength` and `step` count; the other
 * fields are read from that style.
 */
export const RecipeStyle = z.strictObject({
  id: z.number().int().positive().nullable().default(null),
  name: z.string().default(''),
  trigger_words: z.string().default(''),
  /** A file of Limner if `family` is set, otherwise a LoRA name on ComfyUI servers. */
  lora_path: z.string().nullable().default(null),
  /** The family for which it was trained here; null for other styles. */
  family: z.string().nullable().default(null),
  /** How much of its LoRA is used: 0 none, 1 all. Absent: in a request the style's own, in a task 1. */
  strength: StyleStrength.optional(),
  /** Paints with the LoRA after this step of the training that made the style, if it is kept. 0 or absent: with the style's own. */
  step: z.number().int().min(0).optional(),
});
export type RecipeStyle = z.infer<typeof RecipeStyle>;

/** A style as a recipe keeps it, with the requested strength or its own. With a step, `lora_path` is that of the step. */
export const recipeStyleOf = (
  { id, name, trigger_words, lora_path, family, strength }: Style,
  { strength: asked, step }: Pick<RecipeStyle, 'strength' | 'step'> = {},
): RecipeStyle => ({
  id,
  name,
  trigger_words,
  lora_path,
  family,
  ...(asked === undefined && strength === 1 ? {} : { strength: asked ?? strength }),
  ...(step ? { step } : {}),
});

/** One choice or wildcard of a prompt, as typed, and what was drawn for it. */
export const DrawnChoice = z.strictObject({
  token: z.string().max(MAX_KEPT_CHOICE_CHARS),
  value: z.string().max(MAX_KEPT_CHOICE_CHARS),
});
export type DrawnChoice = z.infer<typeof DrawnChoice>;

/** The words of one frame, without choices and tags. */
export const DrawnWords = z.object({
  prompt: z.string(),
  negative_prompt: z.string(),
  /** Of the recipe, then those that tags of the prompt name. */
  loras: z.array(Lora),
  choices: z.array(DrawnChoice),
});
export type DrawnWords = z.infer<typeof DrawnWords>;

/** What the words of a recipe were drawn from: prompts with choices and tags, and LoRAs besides those of the tags. */
export const RecipeTemplate = z.strictObject({
  prompt: z.string().max(MAX_PROMPT_CHARS),
  negative_prompt: z.string().max(MAX_PROMPT_CHARS).default(''),
  loras: z.array(Lora).max(MAX_LORAS).default([]),
  choices: z.array(DrawnChoice).max(MAX_KEPT_CHOICES).default([]),
});
export type RecipeTemplate = z.infer<typeof RecipeTemplate>;

/** Each trainer describes its parameters and their ranges: see `GET /api/trainers`. */
export const TrainingParams = z.record(
  z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .max(60),
  z.union([z.number(), z.string().max(MAX_PROMPT_CHARS), z.boolean()]),
);
export type TrainingParams = z.infer<typeof TrainingParams>;

/** The version of a data set that a training learnt from. The set may have been renamed or deleted since. */
export const RecipeDataset = z.strictObject({
  id: z.number().int().positive(),
  name: z.string(),
  version: z.number().int().positive(),
});
export type RecipeDataset = z.infer<typeof RecipeDataset>;

/** The fields of a training; its pictures are the recipe's references. */
export const RecipeTraining = z.strictObject({
  style_name: z.string(),
  style_type: StyleType,
  trigger_words: z.string(),
  /** One per reference; empty if not given. */
  captions: z.array(z.string().max(MAX_CAPTION_CHARS)).max(MAX_TRAINING_IMAGES),
  /** One per reference, or none at all; null: the whole picture. */
  crops: z.array(Crop.nullable()).max(MAX_TRAINING_IMAGES).default([]),
  /** Below transparent parts; null: they stay. */
  ground: Ground.nullable().default(null),
  /** Where its pictures are from; null: the request named them. */
  dataset: RecipeDataset.nullable().default(null),
  params: TrainingParams,
});
export type RecipeTraining = z.infer<typeof RecipeTraining>;

/** The fields of a video; its first frame shows the recipe's `input_image` if there is one. */
export const RecipeVideo = z.strictObject({
  /** What its last frame shows; only beside an `input_image`. */
  end_image: ImageRef.nullable().default(null),
  /** Its length. null: the family's usual one. */
  frames: z.number().int().min(1).max(MAX_VIDEO_FRAMES).nullable().default(null),
  /** In a request, in place of `frames`. The recipe of a task has frames. */
  seconds: z.number().positive().max(MAX_VIDEO_FRAMES).nullable().default(null),
  /** Frames per second. null: the family's usual rate. */
  fps: z.number().min(1).max(MAX_FPS).nullable().default(null),
  /** Each frame is also stored as a PNG, from which sprite sheets and animations are made without loss. */
  keep_frames: z.boolean().default(false),
});
export type RecipeVideo = z.infer<typeof RecipeVideo>;

/** `sheet`: a PNG, also in an archive with the files that game engines read. The others are files of one animation. */
export const ANIMATION_FORMATS = ['sheet', 'gif', 'webp', 'apng', 'webm'] as const;
export const AnimationFormat = z.enum(ANIMATION_FORMATS);
export type AnimationFormat = z.infer<typeof AnimationFormat>;

/** The fields of an animation; its frames are the recipe's references, in their order. */
export const RecipeAnimation = z.strictObject({
  format: AnimationFormat,
  /** Of the animation where an engine reads it, and of the files in the archive of a sheet. */
  name: z.string().trim().min(1).max(MAX_ANIMATION_NAME_CHARS).default('animation'),
  /** Frames per second. */
  fps: z.number().min(MIN_ANIMATION_FPS).max(MAX_FPS).default(12),
  /** False: it is played once. */
  loop: z.boolean().default(true),
  /** Pixels of the longer side, to which larger frames are reduced; null: as they are. */
  max_side: z.number().int().min(1).max(MAX_SIDE_PX).nullable().default(null),
  /** Each frame is cut out of its background with the built-in cut-out. */
  cut_out: z.boolean().default(false),
  /** Edges that are transparent in every frame are left out. */
  trim: z.boolean().default(false),
  /** Of a WebP or WebM; null: WebP without loss, WebM near it. */
  quality: z.number().int().min(1).max(100).nullable().default(null),
  /** Of a sheet; null: about as wide as high. */
  columns: z.number().int().min(1).max(MAX_ANIMATION_FRAMES).nullable().default(null),
  /** Of a sheet: transparent pixels between frames, and around all of them. */
  padding: z.number().int().min(0).max(MAX_PADDING_PX).default(2),
  /** Of a sheet: its sides are powers of two. */
  power_of_two: z.boolean().default(false),
});
export type RecipeAnimation = z.infer<typeof RecipeAnimation>;

export const RECIPE_VERSION = 1;

export const Recipe = z.strictObject({
  version: z.literal(RECIPE_VERSION).default(RECIPE_VERSION),
  kind: TaskKind,
  /** Only for the kind `generation`. */
  type: GenerationType.nullable().default(null),
  /** A family's id; null: the best one available. */
  family: z.string().max(MAX_FAMILY_CHARS).nullable().default(null),
  /** As typed. What is painted has the style's trigger words before it: `promptOf`. */
  prompt: z.string().trim().max(MAX_PROMPT_CHARS).default(''),
  negative_prompt: z.string().max(MAX_PROMPT_CHARS).default(''),
  style: RecipeStyle.nullable().default(null),
  /** In the order they are applied, after the style's. */
  loras: z.array(Lora).max(MAX_LORAS).default([]),
  input_image: ImageRef.nullable().default(null),
  mask_image: ImageRef.nullable().default(null),
  /** Only for the type `inpaint`: the picture is extended, and its mask covers its own pixels only. */
  outpaint: Outpaint.nullable().default(null),
  /** Pictures of an edit, of which the first is changed, of an animation or of a training. */
  references: z.array(ImageRef).max(MAX_TRAINING_IMAGES).default([]),
  /** Of a generation or an edit, in addition to its style. */
  style_images: z.array(StyleImage).max(MAX_STYLE_IMAGES).default([]),
  controlnet: ControlNet.nullable().default(null),
  /** Pixels. null: the family's default, or the size of the input picture. */
  width: SidePx.nullable().default(null),
  height: SidePx.nullable().default(null),
  params: Params.default({}),
  /** null: each frame draws its own. Frame i of a task has the seed plus i, around the end of the family's range. */
  seed: Seed.nullable().default(null),
  /** Only for the kind `video`. */
  video: RecipeVideo.nullable().default(null),
  /** Only for the kind `animation`. */
  animation: RecipeAnimation.nullable().default(null),
  /** Only for the kind `training`. */
  training: RecipeTraining.nullable().default(null),
  /** Of a recipe whose words are drawn already; null: its prompts may have choices, which each frame draws. */
  template: RecipeTemplate.nullable().default(null),
});
export type Recipe = z.infer<typeof Recipe>;
export type RecipeInput = z.input<typeof Recipe>;

/** A recipe with the default of every field, for code that sets some. Without the schema, which pages need not load. */
export const emptyRecipe = (kind: TaskKind): Recipe => ({
  version: RECIPE_VERSION,
  kind,
  type: null,
  family: null,
  prompt: '',
  negative_prompt: '',
  style: null,
  loras: [],
  input_image: null,
  mask_image: null,
  outpaint: null,
  references: [],
  style_images: [],
  controlnet: null,
  width: null,
  height: null,
  params: {},
  seed: null,
  video: null,
  animation: null,
  training: null,
  template: null,
});

/** What one frame is painted from. Same recipe, same engine: same picture. */
export type FrameRecipe = Recipe & { family: string; seed: Seed };

/** The recipe as it was before its words were drawn. */
export const undrawn = <R extends Recipe>({ template, ...recipe }: R) => ({
  ...recipe,
  ...(template && {
    prompt: template.prompt,
    negative_prompt: template.negative_prompt,
    loras: template.loras,
  }),
  template: null,
});

/** The prompt that is painted: the style's trigger words come first, unless the prompt says them already. */
export function promptOf({ prompt, style }: Pick<Recipe, 'prompt' | 'style'>): string {
  const words = style?.trigger_words.trim() ?? '';
  if (words === '' || prompt.toLowerCase().includes(words.toLowerCase())) return prompt;
  return prompt === '' ? words : `${words}, ${prompt}`;
}

/** Every picture a recipe reads, once. */
export const imagesOf = (recipe: Recipe): string[] => {
  const { input_image, mask_image, references, style_images, controlnet, video } = recipe;
  const styled = style_images.map(({ image }) => image);
  const all = [input_image, mask_image, ...references, ...styled, controlnet?.image, video?.end_image];
  return [...new Set(all.filter((image) => image != null))];
};
