/** From rows to what the contract says a task looks like. Pure. */
import {
  type ErrorBody,
  type Frame,
  type Provenance,
  type RemoveBgTask,
  storedSeed,
  type Task,
  type TaskEvent,
  type TaskListItem,
} from '@limner/contract';
import type { FrameRow, TaskRow } from '../db/schema.ts';
import { planOf } from './plan.ts';
import type { LiveFrame } from './run/live.ts';
import { taskProgress } from './state.ts';

/** What is known of running frames beyond their rows. */
export type LiveLookup = (index: number) => LiveFrame | undefined;

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
const parsed = <T>(json: string | null): T | null => (json === null ? null : (JSON.parse(json) as T));

/** `outputs/12_0.png` → `12_0`. The picture of a cut-out, `outputs/rmbg_7.png`, is `7_0` like any first picture. */
export const outputId = (file: string): string =>
  file
    .replace(/^outputs\//, '')
    .replace(/\.[a-z0-9]+$/, '')
    .replace(/^rmbg_(\d+)$/, '$1_0');

const outputUrl = (frame: FrameRow): string => `/${frame.file}`;

const outputPaths = (frames: FrameRow[]): string[] =>
  frames.filter((frame) => frame.status === 'completed' && frame.file !== null).map(outputUrl);

export function shapeFrame(frame: FrameRow, live?: LiveFrame): Frame {
  const running = frame.status === 'running';
  return {
    index: frame.frame_index,
    status: frame.status,
    seed: storedSeed(frame.seed),
    progress: frame.status === 'completed' ? 1 : running ? (live?.progress ?? 0) : 0,
    tries: frame.tries,
    output: frame.status === 'completed' ? shapeOutput(frame) : null,
    preview_url:
      running && live?.preview
        ? `/api/tasks/${frame.task_id}/frames/${frame.frame_index}/preview?v=${live.preview.version}`
        : null,
    error: parsed<ErrorBody>(frame.error),
    started_at: isoOrNull(frame.started_at),
    completed_at: isoOrNull(frame.completed_at),
  };
}

function shapeOutput(frame: FrameRow): Frame['output'] {
  if (!frame.file) return null;
  return {
    id: outputId(frame.file),
    url: outputUrl(frame),
    media_type: frame.media_type ?? 'image/png',
    width: frame.width ?? 0,
    height: frame.height ?? 0,
    size_bytes: frame.size_bytes ?? 0,
    provenance: parsed<Provenance>(frame.provenance),
    starred: frame.starred === 1,
  };
}

const progressOf = (frames: FrameRow[], live: LiveLookup): number =>
  taskProgress(
    frames.map((frame) => ({ status: frame.status, progress: live(frame.frame_index)?.progress ?? 0 })),
  );

export function shapeListItem(task: TaskRow, frames: FrameRow[], live: LiveLookup): TaskListItem {
  return {
    id: task.id,
    task_kind: task.kind,
    status: task.status,
    created_at: iso(task.created_at),
    started_at: isoOrNull(task.started_at),
    completed_at: isoOrNull(task.completed_at),
    progress: progressOf(frames, live),
    output_paths: outputPaths(frames),
    stars: task.stars,
    prompt: task.prompt,
    family: task.family,
    style_id: task.style_id,
    total_frames: task.total_frames,
    error: parsed<ErrorBody>(task.error),
    version: task.version,
  };
}

export function shapeTask(task: TaskRow, frames: FrameRow[], live: LiveLookup): Task {
  const { recipe, choice } = planOf(task);
  const { kind, negative_prompt } = recipe;
  return {
    ...shapeListItem(task, frames, live),
    recipe,
    type: recipe.type,
    negative_prompt: kind === 'generation' || negative_prompt !== '' ? negative_prompt : null,
    input_image: recipe.input_image,
    mask_image: recipe.mask_image,
    seed: recipe.seed,
    batch_size: task.total_frames,
    controlnet_config: recipe.controlnet,
    references: recipe.references,
    loras: recipe.loras,
    width: recipe.width,
    height: recipe.height,
    params: recipe.params,
    priority: task.priority,
    source_task_id: task.source_task_id,
    choice,
    frames: frames.map((frame) => shapeFrame(frame, live(frame.frame_index))),
  };
}

export function shapeRemoveBg(task: TaskRow, frames: FrameRow[], live: LiveLookup): RemoveBgTask {
  const { recipe, choice } = planOf(task);
  const frame = frames[0];
  return {
    id: task.id,
    input_image: recipe.input_image ?? '',
    output_image: outputPaths(frames)[0] ?? null,
    model: recipe.params.model ?? 'birefnet',
    status: task.status,
    source_task_id: task.source_task_id,
    created_at: iso(task.created_at),
    completed_at: isoOrNull(task.completed_at),
    progress: progressOf(frames, live),
    error: parsed<ErrorBody>(task.error),
    choice,
    provenance: frame?.status === 'completed' ? parsed<Provenance>(frame.provenance) : null,
  };
}

/** `about`: the frames it tells of; null tells of all. */
export function shapeEvent(
  task: TaskRow,
  frames: FrameRow[],
  live: LiveLookup,
  about: number | null,
  version: number,
): TaskEvent {
  const told = about === null ? frames : frames.filter((frame) => frame.frame_index === about);
  return {
    kind: task.kind,
    id: task.id,
    status: task.status,
    progress: progressOf(frames, live),
    current_frame: frames.filter((frame) => frame.completed_at !== null).length,
    total_frames: task.total_frames,
    frame_progress: about === null ? null : (live(about)?.progress ?? null),
    output_paths: outputPaths(frames),
    stars: task.stars,
    error: parsed<ErrorBody>(task.error),
    timestamp: new Date().toISOString(),
    version,
    frames: told.map((frame) => shapeFrame(frame, live(frame.frame_index))),
    ...(task.kind === 'training' ? { loss: live(0)?.loss } : {}),
  };
}
