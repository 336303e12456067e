/**
 * A *run* is a task of kind `training`: it makes a style from pictures in one style. A *trainer* does the work and
 * states what it accepts. A run has one frame. Its picture is a sheet of samples: in the upper row painted without the
 * style, below them the same prompts and seeds with it. A trainer that paints no samples leaves no picture.
 */
import { z } from 'zod';
import { fromDigits } from './digits.ts';
import { ErrorBody } from './error.ts';
import { Bilingual, Missing } from './family.ts';
import { MAX_CAPTION_CHARS, MAX_TRAINING_IMAGES } from './limits.ts';
import { ImageRef, RecipeDataset, TrainingParams } from './recipe.ts';
import { StyleName, StyleType, TriggerWords } from './style.ts';
import { Priority, TaskId, TaskStatus } from './task.ts';

export const TrainingImage = z.strictObject({
  image: ImageRef,
  /** Caption of the picture. Empty: the style's trigger words are used. */
  caption: z.string().trim().max(MAX_CAPTION_CHARS).default(''),
});
export type TrainingImage = z.infer<typeof TrainingImage>;

/** `POST /api/training`. */
export const TrainingRequest = z.strictObject({
  style_name: StyleName,
  style_type: StyleType.default('ui'),
  trigger_words: TriggerWords.default(''),
  /** Its pictures, or a `dataset` that has them. */
  images: z.array(TrainingImage).min(1).max(MAX_TRAINING_IMAGES).optional(),
  /** A data set's id. Its trigger words count where the request has none. */
  dataset: z.number().int().positive().nullable().optional(),
  /** Absent parameters have the trainer's defaults. */
  params: TrainingParams.default({}),
  /** A trainer's id; absent: the best one available here. */
  trainer: z.string().max(60).nullable().optional(),
  priority: Priority,
});
export type TrainingRequest = z.infer<typeof TrainingRequest>;
export type TrainingInput = z.input<typeof TrainingRequest>;

/** `[step, loss]` */
export const LossPoint = z.tuple([z.number().int(), z.number()]);
export type LossPoint = z.infer<typeof LossPoint>;

/** Prompts of the samples, in the order of the sheet's columns. */
export const SAMPLE_PROMPTS: readonly Bilingual[] = [
  { en: 'a red dragon', zh: '红色的龙' },
  { en: 'a castle', zh: '城堡' },
  { en: 'a blue potion', zh: '蓝色药水' },
  { en: 'a golden key', zh: '金钥匙' },
];

/**
 * What a run does now. `waiting`: another training computes on its device; `preparing`: it writes pictures and loads models; `caching`: the trainer encodes pictures and
 * captions before its first step; `sampling` and `saving` are pauses between steps.
 */
export const TrainingPhase = z.enum(['waiting', 'preparing', 'caching', 'training', 'sampling', 'saving']);
export type TrainingPhase = z.infer<typeof TrainingPhase>;

/** Of a run, spread over its steps; others that its trainer saves are not kept. */
export const MAX_CHECKPOINTS = 10;

/** The LoRA after a step before the last. It is an output of the run's frame, with the role `lora`. */
export const TrainingCheckpoint = z.object({
  step: z.number().int().positive(),
  /** Of the output. */
  id: z.string(),
  url: z.string(),
  file_name: z.string(),
  size_bytes: z.number().int(),
  /** The run's style paints with it. */
  in_use: z.boolean(),
});
export type TrainingCheckpoint = z.infer<typeof TrainingCheckpoint>;

/** `GET /api/training/{id}`. Cancelled, resumed (`retry`) and deleted like any task. */
export const Training = z.object({
  id: TaskId,
  style_name: z.string(),
  style_type: StyleType,
  trigger_words: z.string(),
  /** The style it made; null before that, and after the style is deleted. */
  style_id: z.number().int().nullable(),
  /** The address that lists the run's pictures. Never a path on a disk. */
  dataset_path: z.string(),
  images: z.array(z.object({ id: z.string(), url: z.string().nullable(), caption: z.string() })),
  /** The version of the data set that it learns from; null: its request named pictures. */
  dataset: RecipeDataset.nullable(),
  /** Number of pictures with a caption. */
  captioned: z.number().int(),
  /** Equal or very small pictures, which add little. */
  notices: z.array(Bilingual),
  status: TaskStatus,
  params: TrainingParams,
  trainer: z.string(),
  /** The family the style works with. */
  family: z.string(),
  /** 0…1; of a run that was cancelled or has failed, the share of the steps that it took. */
  progress: z.number().min(0).max(1),
  /** The number of all its steps. */
  steps: z.number().int(),
  /** The last step taken. */
  step: z.number().int(),
  /** The step of the checkpoint, after which a resumed run continues. 0: no checkpoint; the run starts again. */
  resume_step: z.number().int(),
  /** What it does now; null: it does not run, or its trainer does not say. */
  phase: TrainingPhase.nullable(),
  /** When its trainer last showed a sign of life; null: it does not run, or waits. A silent trainer is not stopped for hours. */
  heard_at: z.iso.datetime().nullable(),
  /** The training that computes on the device it waits for; null: it waits for none, or for one that the caller cannot see. */
  waits_for: TaskId.nullable().optional(),
  /** The paused lane it is queued in, and starts in once that is resumed; null: it waits in none. Absent from servers of earlier versions. */
  paused_lane: z.string().nullable().optional(),
  /** Address of what its program wrote; null: it runs no program, or its files were removed at its end. */
  log_url: z.string().nullable(),
  /** Mean loss up to each step since the point before it. */
  loss: z.array(LossPoint),
  /** LoRAs after earlier steps, by step; also of a run that was cancelled or has failed. */
  checkpoints: z.array(TrainingCheckpoint),
  /** Address of the LoRA file of its style. */
  output_lora_path: z.string().nullable(),
  /** The LoRA fits another model than the run's, and what that means; null: it fits, or there is none. */
  lora_notice: Bilingual.nullable(),
  /** Whether its trainer paints samples with its parameters. */
  has_samples: z.boolean(),
  /** The sheet of samples: of the work so far while it runs, of the finished style afterwards. */
  preview_url: z.string().nullable(),
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  completed_at: z.iso.datetime().nullable(),
  error: ErrorBody.nullable(),
  version: z.number().int(),
});
export type Training = z.infer<typeof Training>;

export const TrainingFilter = z.object({
  limit: fromDigits(z.number().int().min(1).max(100)).default(30),
  before: fromDigits(z.number().int().positive()).optional(),
  /** The run that made this style. */
  style: fromDigits(z.number().int().positive()).optional(),
});

/** `POST /api/training/{id}/style`. */
export const CheckpointChoice = z.strictObject({ step: z.number().int().positive() });
export type CheckpointChoice = z.infer<typeof CheckpointChoice>;

const param = {
  key: z.string(),
  label: Bilingual,
  /** Explains the effect of smaller and greater values, or of the choices. */
  hint: Bilingual,
  /** The form shows it only on request. */
  folded: z.boolean().optional(),
};
const range = { default: z.number(), min: z.number(), max: z.number(), step: z.number() };

export const TrainerParam = z.discriminatedUnion('type', [
  z.object({ ...param, type: z.literal('number'), ...range }),
  z.object({ ...param, type: z.literal('integer'), ...range }),
  z.object({
    ...param,
    type: z.literal('choice'),
    default: z.string(),
    choices: z.array(z.object({ value: z.string(), label: Bilingual })).min(1),
  }),
  z.object({ ...param, type: z.literal('switch'), default: z.boolean() }),
  z.object({ ...param, type: z.literal('text'), default: z.string(), max_chars: z.number().int() }),
]);
export type TrainerParam = z.infer<typeof TrainerParam>;

/** Values that suit a model and a size of memory. Other parameters keep their values. */
export const TrainerPreset = z.object({
  id: z.string(),
  label: Bilingual,
  hint: Bilingual,
  params: TrainingParams,
});
export type TrainerPreset = z.infer<typeof TrainerPreset>;

/** A trainer and what it accepts. The form is generated from this. */
export const Trainer = z.object({
  id: z.string(),
  label: Bilingual,
  description: Bilingual,
  /** The family its styles work with; of several, the usual one. */
  family: z.string(),
  families: z.array(z.string()),
  /** Allowed number of pictures. */
  images: z.object({ min: z.number().int(), max: z.number().int() }),
  params: z.array(TrainerParam),
  presets: z.array(TrainerPreset),
  available: z.boolean(),
  missing: z.array(Missing),
  /** Median seconds a step took here lately; null before the first run. */
  seconds_per_step: z.number().nullable(),
});
export type Trainer = z.infer<typeof Trainer>;

/** `POST /api/training/estimate`: what a run would take, before it is created. */
export const EstimateRequest = z.strictObject({
  trainer: TrainingRequest.shape.trainer,
  params: TrainingParams.default({}),
  /** How many it learns from. */
  pictures: z.number().int().min(1).max(MAX_TRAINING_IMAGES),
});
export type EstimateRequest = z.infer<typeof EstimateRequest>;

/** `from`: where a figure comes from. A figure that nobody knows is null, with its source. */
export const TrainingEstimate = z.object({
  trainer: z.string(),
  family: z.string(),
  steps: z.number().int(),
  seconds: z.number().nullable(),
  seconds_from: Bilingual.nullable(),
  /** Of the graphics card, or of the machine where it has none of its own. */
  memory_bytes: z.number().nullable(),
  memory_from: Bilingual.nullable(),
});
export type TrainingEstimate = z.infer<typeof TrainingEstimate>;
