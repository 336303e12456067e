/**
 * The words of Limner. Each means one thing from URL to table to button.
 *
 *   task     what a user asked for, whatever its kind; one row, one state machine, one progress stream
 *   frame    one unit of a task's work with its own seed; a batch of four is one task with four frames
 *   output   the picture a finished frame left; its id is `{task}_{frame}`
 *   upload   a picture the user gave us
 *   engine   something that turns one frame into bytes (the built-in starter, ComfyUI servers)
 *   family   a model's workflow: what it accepts and what it needs
 *   style    trigger words and, where trained, a LoRA
 *   lane     a class of work with its own limit of tasks at once, so that a cut-out never waits behind a batch
 *   lease    a worker's claim on a running task; every write of the worker names it
 *   event    news of a task on the socket
 *
 * Field names on the wire are snake_case, times are ISO 8601 in UTC, progress is 0…1.
 */
import { z } from 'zod';
import { ErrorBody } from './error.ts';

export const TASK_KINDS = [
  'generation',
  'edit',
  'remove_bg',
  'control_preview',
  'upscale',
  'training',
] as const;
export const TaskKind = z.enum(TASK_KINDS);
export type TaskKind = z.infer<typeof TaskKind>;

/** queued → running → completed | partial | failed | cancelled. `partial`: some frames finished, some failed. */
export const TASK_STATUSES = ['queued', 'running', 'completed', 'partial', 'failed', 'cancelled'] as const;
export const TaskStatus = z.enum(TASK_STATUSES);
export type TaskStatus = z.infer<typeof TaskStatus>;
export const FINAL_STATUSES: readonly TaskStatus[] = ['completed', 'partial', 'failed', 'cancelled'];
export const isFinal = (status: TaskStatus): boolean => FINAL_STATUSES.includes(status);

export const FrameStatus = z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']);
export type FrameStatus = z.infer<typeof FrameStatus>;

export const MAX_SEED = 2 ** 32 - 1;
export const MAX_BATCH = 32;
export const MAX_PROMPT_CHARS = 8_000;
/** Of pixel art in its own size; what paints anything else says its own least in `size.min`. */
export const MIN_SIDE_PX = 16;
export const MAX_SIDE_PX = 4096;
export const DEFAULT_NEGATIVE_PROMPT = 'ugly, blurry, low quality, watermark, text';

export const TaskId = z.number().int().positive();
export const Seed = z.number().int().min(0).max(MAX_SEED);
export const SidePx = z.number().int().min(MIN_SIDE_PX).max(MAX_SIDE_PX);
/** An upload's id (`u…`), an output's id (`12_0`), or the URL we handed out for either. Never a path on a disk. */
export const ImageRef = z.string().min(1).max(500);
export type ImageRef = z.infer<typeof ImageRef>;

/** How a picture came to be, told to the person who looks at it and written into the PNG. */
export const Provenance = z.object({
  /** Engine id, for example `starter` or `comfy`. */
  engine: z.string(),
  family: z.string(),
  /** One sentence in each language: what made this picture, and from what. */
  summary: z.object({ en: z.string(), zh: z.string() }),
  /** Facts of this engine, for example which library icons a word was mapped to, or the model used for a cut-out. */
  details: z.record(z.string(), z.unknown()).default({}),
});
export type Provenance = z.infer<typeof Provenance>;

export const Frame = z.object({
  /** Its name within the task. Not its place in a list: a deleted picture takes its frame along and leaves a gap. */
  index: z.number().int().min(0),
  status: FrameStatus,
  seed: Seed,
  /** 0…1 within this frame. */
  progress: z.number().min(0).max(1),
  tries: z.number().int().min(0),
  /** Present once the picture is whole on disk. */
  output: z
    .object({
      id: z.string(),
      url: z.string(),
      media_type: z.string(),
      width: z.number().int(),
      height: z.number().int(),
      size_bytes: z.number().int(),
      provenance: Provenance.nullable(),
      starred: z.boolean(),
    })
    .nullable(),
  /** The last latent preview while it paints. */
  preview_url: z.string().nullable(),
  error: ErrorBody.nullable(),
  started_at: z.iso.datetime().nullable(),
  completed_at: z.iso.datetime().nullable(),
});
export type Frame = z.infer<typeof Frame>;

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

/** Cells of pixel art along the longer side. */
export const PIXEL_GRIDS = [16, 24, 32, 48, 64] as const;
/** Where drawings come from: `auto`, the one set that knows most of the prompt; `mixed`, each from the set that suits it. */
export const LIBRARIES = [
  'auto',
  'mixed',
  'glossy',
  'flat',
  'noto',
  'classic',
  'game',
  'ui',
  'office',
] as const;
/** How drawings are finished: `auto`, as the prompt says; `plain`, as they are, whatever it says. */
export const TREATMENTS = [
  'auto',
  'plain',
  'flat',
  'glossy',
  'outline',
  'pixel',
  'silhouette',
  'sticker',
  'neon',
  'watercolour',
  'papercut',
] as const;

/** What a family may read beside prompt, size and seed. Which of them have an effect, and in what range, the family says. */
export const Params = z.strictObject({
  steps: z.number().int().min(1).max(150).optional(),
  cfg: z.number().min(0).max(30).optional(),
  guidance: z.number().min(0).max(100).optional(),
  sampler: z.string().max(60).optional(),
  scheduler: z.string().max(60).optional(),
  denoise: z.number().min(0).max(1).optional(),
  /** Cut-out and upscale model, checkpoint, preprocessor: a name the family offers, never a file path. */
  model: z.string().max(200).optional(),
  /** Upscale factor. */
  factor: z.number().int().min(2).max(4).optional(),
  /** Several references of an edit: side by side in one picture, or each on its own. */
  reference_mode: z.enum(['stitched', 'chained']).optional(),
  pixel_grid: z.literal([...PIXEL_GRIDS]).optional(),
  library: z.enum(LIBRARIES).optional(),
  treatment: z.enum(TREATMENTS).optional(),
  /** Values of a workflow's own placeholders, by their key. */
  inputs: z
    .record(z.string().max(60), z.union([z.string().max(MAX_PROMPT_CHARS), z.number(), z.boolean()]))
    .optional(),
});
export type Params = z.infer<typeof Params>;

/** A LoRA beside the style's own, by the name its server lists it under. */
export const Lora = z.strictObject({
  name: z.string().min(1).max(300),
  weight: z.number().min(-4).max(4).default(1),
});
export const MAX_LORAS = 8;
export const MAX_REFERENCES = 4;

/** `POST /api/generate`. Unknown fields are refused so that a typing error is not silently ignored. */
export const GenerateRequest = z.strictObject({
  style_id: z.number().int().positive().nullable().optional(),
  type: z.enum(['txt2img', 'img2img', 'inpaint']).default('txt2img'),
  prompt: z.string().trim().min(1).max(MAX_PROMPT_CHARS),
  negative_prompt: z.string().max(MAX_PROMPT_CHARS).default(DEFAULT_NEGATIVE_PROMPT),
  input_image: ImageRef.nullable().optional(),
  mask_image: ImageRef.nullable().optional(),
  /** null or absent: drawn at random when the task is made. Given: frame i gets (seed + i) mod 2³². 0 is a seed. */
  seed: Seed.nullable().optional(),
  batch_size: z.number().int().min(1).max(MAX_BATCH).default(1),
  controlnet: ControlNet.nullable().optional(),
  /** In the order they are applied, after the style's. */
  loras: z.array(Lora).max(MAX_LORAS).default([]),
  /** A family's id; absent or null: the best one available here, and the answer says which and why. */
  family: z.string().max(60).nullable().optional(),
  width: SidePx.optional(),
  height: SidePx.optional(),
  params: Params.default({}),
  /** Higher runs first within a lane. */
  priority: z.number().int().min(-100).max(100).default(0),
});
export type GenerateRequest = z.infer<typeof GenerateRequest>;
export type GenerateInput = z.input<typeof GenerateRequest>;

/** `POST /api/edit`: say what to change in one picture, or make a new one after several. */
export const EditRequest = z.strictObject({
  prompt: z.string().trim().min(1).max(MAX_PROMPT_CHARS),
  images: z.array(ImageRef).min(1).max(MAX_REFERENCES),
  style_id: z.number().int().positive().nullable().optional(),
  seed: Seed.nullable().optional(),
  batch_size: z.number().int().min(1).max(MAX_BATCH).default(1),
  loras: z.array(Lora).max(MAX_LORAS).default([]),
  family: z.string().max(60).nullable().optional(),
  /** Absent: the size of the first picture, as near as the family can. */
  width: SidePx.optional(),
  height: SidePx.optional(),
  params: Params.default({}),
  source_task_id: TaskId.nullable().optional(),
  priority: z.number().int().min(-100).max(100).default(0),
});
export type EditRequest = z.infer<typeof EditRequest>;
export type EditInput = z.input<typeof EditRequest>;

/** `POST /api/controlnet/preview`: what a ControlNet will see of a picture. */
export const ControlPreviewRequest = z.strictObject({
  image: ImageRef,
  type: ControlType,
  /** What will paint names it as its `control_preview`; absent or null: the best available here. */
  family: z.string().max(60).nullable().optional(),
  /** The size the picture will be painted in; absent: its own. */
  width: SidePx.optional(),
  height: SidePx.optional(),
  priority: z.number().int().min(-100).max(100).default(10),
});
export type ControlPreviewRequest = z.infer<typeof ControlPreviewRequest>;
export type ControlPreviewInput = z.input<typeof ControlPreviewRequest>;

export const CutOutModel = z
  .string()
  .min(1)
  .max(100)
  .describe('birefnet, birefnet-hr, or a name the remove-background family offers');

/** `POST /api/remove-bg`. */
export const RemoveBgRequest = z.strictObject({
  input_image: ImageRef,
  model: CutOutModel.default('birefnet'),
  source_task_id: TaskId.nullable().optional(),
  priority: z.number().int().min(-100).max(100).default(0),
});
export type RemoveBgRequest = z.infer<typeof RemoveBgRequest>;
export type RemoveBgInput = z.input<typeof RemoveBgRequest>;

/** `POST /api/upscale`. */
export const UpscaleRequest = z.strictObject({
  input_image: ImageRef,
  factor: z.number().int().min(2).max(4).default(2),
  model: z.string().max(200).optional(),
  source_task_id: TaskId.nullable().optional(),
  priority: z.number().int().min(-100).max(100).default(0),
});
export type UpscaleRequest = z.infer<typeof UpscaleRequest>;
export type UpscaleInput = z.input<typeof UpscaleRequest>;

/** Which family and engine a task was given to, and why. */
export const Choice = z.object({
  family: z.string(),
  engine: z.string(),
  /** `asked`: the request named it. `best`: nothing was named. `fallback`: what was named is not here. */
  why: z.enum(['asked', 'best', 'fallback']),
  /** A sentence in each language. */
  note: z.object({ en: z.string(), zh: z.string() }),
  /** Fields of the request that have no effect on this family; they are kept and ignored. */
  ignored: z.array(z.string()).default([]),
});
export type Choice = z.infer<typeof Choice>;

const TaskBase = z.object({
  id: TaskId,
  task_kind: TaskKind,
  status: TaskStatus,
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  completed_at: z.iso.datetime().nullable(),
  /** 0…1 over all frames; a failed frame counts as done. */
  progress: z.number().min(0).max(1),
  /** URLs of finished pictures, in frame order. */
  output_paths: z.array(z.string()),
  /** How many of them are starred. A clean-up never takes a task that has one. */
  stars: z.number().int(),
  prompt: z.string(),
  family: z.string(),
  style_id: z.number().int().nullable(),
  /** How many it has, whatever became of them; a deleted picture counts no more. */
  total_frames: z.number().int(),
  error: ErrorBody.nullable(),
  /** Grows with every change; of two states of one task the greater version is the newer. */
  version: z.number().int(),
});

/** One row of `GET /api/tasks`. */
export const TaskListItem = TaskBase;
export type TaskListItem = z.infer<typeof TaskListItem>;

/** `GET /api/tasks/{id}`. */
export const Task = TaskBase.extend({
  type: z.enum(['txt2img', 'img2img', 'inpaint']).nullable(),
  negative_prompt: z.string().nullable(),
  input_image: z.string().nullable(),
  seed: Seed.nullable(),
  batch_size: z.number().int(),
  controlnet_config: ControlNet.nullable(),
  /** Reference pictures of an edit, by id. */
  references: z.array(z.string()),
  loras: z.array(Lora),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  params: Params,
  priority: z.number().int(),
  source_task_id: TaskId.nullable(),
  choice: Choice,
  frames: z.array(Frame),
});
export type Task = z.infer<typeof Task>;

/** `GET /api/remove-bg/{id}` and the answer of `POST /api/remove-bg`. */
export const RemoveBgTask = z.object({
  id: TaskId,
  input_image: z.string(),
  output_image: z.string().nullable(),
  model: z.string(),
  status: TaskStatus,
  source_task_id: TaskId.nullable(),
  created_at: z.iso.datetime(),
  completed_at: z.iso.datetime().nullable(),
  progress: z.number(),
  error: ErrorBody.nullable(),
  /** Which engine and model serve it; `fallback` when what was named is not here. */
  choice: Choice,
  provenance: Provenance.nullable(),
});
export type RemoveBgTask = z.infer<typeof RemoveBgTask>;

const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

export const TaskFilter = z.object({
  kind: TaskKind.optional(),
  status: TaskStatus.optional(),
  /** Words of the prompt, all of which must occur; the last may be a beginning. */
  text: z.string().max(200).optional(),
  style_id: z.coerce.number().int().positive().optional(),
  family: z.string().max(60).optional(),
  /** With a starred picture, or without. */
  starred: z.stringbool().optional(),
  /** From this moment on. A date alone is its first moment in UTC. */
  created_from: Moment.optional(),
  /** Before this moment. */
  created_to: Moment.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Only tasks older than this id: the last id of the page before. */
  before: z.coerce.number().int().positive().optional(),
  /** Only tasks newer than this id, and of those the nearest: the way back. */
  after: z.coerce.number().int().positive().optional(),
});
export type TaskFilter = z.infer<typeof TaskFilter>;
