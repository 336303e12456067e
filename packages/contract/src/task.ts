/**
 * Tasks and their frames on the wire. `docs/glossary.md` defines the words.
 *
 * Field names on the wire are snake_case, times are ISO 8601 in UTC, progress is 0…1.
 */
import { z } from 'zod';
import { fromDigits } from './digits.ts';
import { ErrorBody } from './error.ts';
import { Bilingual } from './family.ts';
import { MAX_FAMILY_CHARS } from './limits.ts';
import { Outpaint } from './outpaint.ts';
import { Params } from './params.ts';
import { ControlNet, DrawnWords, GenerationType, Lora, Recipe, TaskKind } from './recipe.ts';
import { Seed } from './seed.ts';

/** queued → running → completed | partial | failed | cancelled. `partial`: some frames finished, some failed. */
export const TASK_STATUSES = ['queued', 'running', 'completed', 'partial', 'failed', 'cancelled'] as const;
export const TaskStatus = z.enum(TASK_STATUSES);
export type TaskStatus = z.infer<typeof TaskStatus>;
export const FINAL_STATUSES: readonly TaskStatus[] = ['completed', 'partial', 'failed', 'cancelled'];
export const isFinal = (status: TaskStatus): boolean => FINAL_STATUSES.includes(status);

export const FrameStatus = z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']);
export type FrameStatus = z.infer<typeof FrameStatus>;

export const TaskId = z.number().int().positive();

/** Of a new task. Higher runs first within a lane. */
export const Priority = z.number().int().min(-100).max(100).default(0);

/**
 * The names of the engine, family and model when they made a picture; they can be renamed and removed later. `model`: the
 * chosen value of the family's model parameter; null if the family has none, or if the value is a file name.
 */
export const ProvenanceLabels = z.object({
  engine: Bilingual,
  family: Bilingual,
  model: Bilingual.nullable(),
});
export type ProvenanceLabels = z.infer<typeof ProvenanceLabels>;

/** How a picture was made; shown to the user and written into the PNG. */
export const Provenance = z.object({
  /** Engine id, for example `starter` or `comfy`. */
  engine: z.string(),
  family: z.string(),
  /** One sentence in each language: what made this picture, and from what. */
  summary: z.object({ en: z.string(), zh: z.string() }),
  /** Facts of this engine, for example which library icons a word was mapped to, or the model used for a cut-out. */
  details: z.record(z.string(), z.unknown()).default({}),
  /** Absent in pictures of earlier versions. */
  labels: ProvenanceLabels.optional(),
});
export type Provenance = z.infer<typeof Provenance>;

/**
 * What an output is for. `main`: what was asked for; `poster`: a still of a video; `still`: a frame of a video, in their
 * order; `layer`: one of a stack, the lowest first; `sheet`, `data`, `lora`, `archive`: sprite sheets, JSON and the like, trained weights, zips.
 */
export const OutputRole = z.enum(['main', 'poster', 'still', 'layer', 'sheet', 'data', 'lora', 'archive']);
export type OutputRole = z.infer<typeof OutputRole>;

/** Roles of outputs that stand for themselves; other outputs belong to one of these. */
const SHOWN_ROLES: readonly OutputRole[] = ['main', 'sheet'];

/** Roles of outputs that belong to the main one of their frame: they are starred, deleted and restored with it. */
export const BELONGING_ROLES: readonly OutputRole[] = ['layer', 'poster', 'still'];

const belongs = ({ role }: { role: OutputRole }): boolean => BELONGING_ROLES.includes(role);

/**
 * Of the outputs of a frame, those that lists and counts have. Those that belong to another one are not among them; if
 * that is lost, each stands for itself.
 */
export function shownOutputs<O extends { role: OutputRole }>(outputs: readonly O[]): O[] {
  const shown = outputs.filter(({ role }) => SHOWN_ROLES.includes(role));
  return shown.length > 0 ? shown : outputs.filter(belongs);
}

/** Of the outputs of a frame, those that are shown, and files such as weights and archives. */
export function ownOutputs<O extends { role: OutputRole }>(outputs: readonly O[]): O[] {
  const shown = shownOutputs(outputs);
  return outputs.filter((output) => shown.includes(output) || !belongs(output));
}

/** Of the outputs of a frame, those that stay if some are deleted: with its last main one go those that belong to it. */
export function outputsLeft<O extends { role: OutputRole }>(
  outputs: readonly O[],
  isDeleted: (output: O) => boolean,
): O[] {
  const left = outputs.filter((output) => !isDeleted(output));
  const isMain = ({ role }: O) => role === 'main';
  return outputs.some(isMain) && !left.some(isMain) ? left.filter((output) => !belongs(output)) : left;
}

/** Of the outputs of a frame, the layers that make up its picture, the lowest first. */
export const layersOf = <O extends { role: OutputRole }>(outputs: readonly O[]): O[] =>
  outputs.filter(({ role }) => role === 'layer');

export const Output = z.object({
  id: z.string(),
  url: z.string(),
  /** The name to save it under, with its extension. */
  file_name: z.string(),
  /** Its position within the frame; the first is 0. */
  place: z.number().int().min(0),
  role: OutputRole,
  media_type: z.string(),
  /** Pixels; 0 for outputs without a size. */
  width: z.number().int(),
  height: z.number().int(),
  /** Of a video or sound. */
  duration_ms: z.number().int().nullable(),
  /** Frames per second of a video or animation, on average; absent: its header does not say. */
  fps: z.number().positive().optional(),
  size_bytes: z.number().int(),
  provenance: Provenance.nullable(),
  starred: z.boolean(),
});
export type Output = z.infer<typeof Output>;

export const Frame = z.object({
  /** Its name within the task. Not an index of a list: deleting a picture deletes its frame and leaves a gap. */
  index: z.number().int().min(0),
  status: FrameStatus,
  seed: Seed,
  /** Its own prompts and LoRAs, drawn from those of the recipe, and what was drawn; null: it has those of the recipe. */
  drawn: DrawnWords.nullable().optional(),
  /** 0…1 within this frame. */
  progress: z.number().min(0).max(1),
  tries: z.number().int().min(0),
  /** The first of `outputs`, of a training its picture; null until all are complete on disk. */
  output: Output.nullable(),
  /** All outputs of the frame, in order. */
  outputs: z.array(Output),
  /**
   * Of a running frame: prompts before it on its server, also those of other users; 0: it waits for a server, and how many
   * are before it is not known. null: it is painted, or this is not known. Absent from servers of earlier versions.
   */
  waits_behind: z.number().int().min(0).nullable().optional(),
  /** The last latent preview while it paints. */
  preview_url: z.string().nullable(),
  error: ErrorBody.nullable(),
  started_at: z.iso.datetime().nullable(),
  completed_at: z.iso.datetime().nullable(),
});
export type Frame = z.infer<typeof Frame>;

/** Of running frames that all wait for their servers: the prompts before the first of them. null: one is painted, or none runs. */
export function waitsBehind(running: readonly Pick<Frame, 'waits_behind'>[]): number | null {
  const behind = running.flatMap(({ waits_behind }) => waits_behind ?? []);
  return behind.length > 0 && behind.length === running.length ? Math.min(...behind) : null;
}

/** The family and engine chosen for a task, and the reason. */
export const Choice = z.object({
  family: z.string(),
  engine: z.string(),
  /** `asked`: the request named it. `best`: no family was named. `fallback`: the named one is not available. */
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
  /** When a clean-up by age deletes it; null: it is kept. */
  expires_at: z.iso.datetime().nullable(),
  /** 0…1 over all frames; a failed frame counts as done, a training that did not end well by the steps that it took. */
  progress: z.number().min(0).max(1),
  /** As of a frame, if all its running frames wait for their servers: of the one with the fewest prompts before it. */
  waits_behind: z.number().int().min(0).nullable().optional(),
  /** Number of frames that are painted now: they run, and do not wait for their servers. */
  painting_frames: z.number().int().min(0).optional(),
  /** URLs of finished pictures, in frame order; without the layers of a picture. */
  output_paths: z.array(z.string()),
  /** Number of frames with pictures. */
  finished_frames: z.number().int(),
  /** How many of the pictures are starred. A clean-up never takes a task that has one. */
  stars: z.number().int(),
  prompt: z.string(),
  family: z.string(),
  style_id: z.number().int().nullable(),
  /** Number of frames of any status; deleted pictures are not counted. */
  total_frames: z.number().int(),
  error: ErrorBody.nullable(),
  /** Grows with every change; of two states of a task, the one with the greater version is newer. */
  version: z.number().int(),
});

/** One row of `GET /api/tasks`. */
export const TaskListItem = TaskBase;
export type TaskListItem = z.infer<typeof TaskListItem>;

/** Of a task that is a cell of a grid: indexes of the values of the grid's axes. */
export const TaskCell = z.object({
  id: z.number().int().positive(),
  x: z.number().int().min(0),
  y: z.number().int().min(0),
  z: z.number().int().min(0),
});
export type TaskCell = z.infer<typeof TaskCell>;

/** `GET /api/tasks/{id}`. */
export const Task = TaskBase.extend({
  /** The resolved recipe, with family, size and style. The fields after it repeat parts of it. */
  recipe: Recipe,
  type: GenerationType.nullable(),
  negative_prompt: z.string().nullable(),
  input_image: z.string().nullable(),
  mask_image: z.string().nullable(),
  /** Absent from servers of earlier versions. */
  outpaint: Outpaint.nullable().optional(),
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
  /** The grid it belongs to, and its cell there; null: none. Absent from servers of earlier versions. */
  grid: TaskCell.nullable().optional(),
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
  /** Which engine and model serve it; `fallback` if the named model is not available. */
  choice: Choice,
  provenance: Provenance.nullable(),
});
export type RemoveBgTask = z.infer<typeof RemoveBgTask>;

/** Of a picture of `POST /api/tasks/{id}/cut-outs`. */
export const CutOut = z.object({
  /** The picture's id. */
  picture: z.string(),
  /** The task that cuts it out; null: it has transparent parts already. */
  task: TaskId.nullable(),
  /** This request has made the task. Absent from servers of earlier versions. */
  is_new: z.boolean().optional(),
});
export type CutOut = z.infer<typeof CutOut>;

const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

export const TaskFilter = z.object({
  kind: TaskKind.optional(),
  status: TaskStatus.optional(),
  /** Words of the prompt, all must occur; the last may be a prefix. */
  text: z.string().max(200).optional(),
  style_id: fromDigits(z.number().int().positive()).optional(),
  family: z.string().max(MAX_FAMILY_CHARS).optional(),
  /** With a starred picture, or without. */
  starred: z.stringbool().optional(),
  /** From this time on. A date means its first moment in UTC. */
  created_from: Moment.optional(),
  /** Before this moment. */
  created_to: Moment.optional(),
  limit: fromDigits(z.number().int().min(1).max(200)).default(50),
  /** Only tasks older than this id: the last id of the page before. */
  before: fromDigits(z.number().int().positive()).optional(),
  /** Only tasks newer than this id, and of those the nearest: the way back. */
  after: fromDigits(z.number().int().positive()).optional(),
});
export type TaskFilter = z.infer<typeof TaskFilter>;
