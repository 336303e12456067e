/** From rows to what the contract says a task looks like. Pure. */
import {
  type ErrorBody,
  type Frame,
  type Output,
  type OutputRole,
  type Provenance,
  type RemoveBgTask,
  storedSeed,
  type Task,
  type TaskEvent,
  type TaskListItem,
} from '@limner/contract';
import type { OutputRow, TaskRow } from '../db/schema.ts';
import { outputId, outputUrl } from '../outputs/output-name.ts';
import { planOf } from './plan.ts';
import type { LiveFrame } from './run/live.ts';
import { taskProgress } from './state.ts';
import type { StoredFrame } from './store/task-rows.ts';

/** What is known of running frames beyond their rows. */
export type LiveLookup = (index: number) => LiveFrame | undefined;

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
const parsed = <T>(json: string | null): T | null => (json === null ? null : (JSON.parse(json) as T));

/** Roles that are listed as pictures of the task; the others belong to one of them. */
const SHOWN: OutputRole[] = ['main', 'layer', 'sheet'];

const outputPaths = (frames: StoredFrame[]): string[] =>
  frames.flatMap(({ outputs }) =>
    outputs.filter(({ role }) => SHOWN.includes(role)).map(({ file }) => outputUrl(file)),
  );

export function shapeFrame(frame: StoredFrame, live?: LiveFrame): Frame {
  const running = frame.status === 'running';
  const outputs = frame.outputs.map(shapeOutput);
  return {
    index: frame.frame_index,
    status: frame.status,
    seed: storedSeed(frame.seed),
    progress: frame.status === 'completed' ? 1 : running ? (live?.progress ?? 0) : 0,
    tries: frame.tries,
    output: outputs[0] ?? null,
    outputs,
    preview_url:
      running && live?.preview
        ? `/api/tasks/${frame.task_id}/frames/${frame.frame_index}/preview?v=${live.preview.version}`
        : null,
    error: parsed<ErrorBody>(frame.error),
    started_at: isoOrNull(frame.started_at),
    completed_at: isoOrNull(frame.completed_at),
  };
}

const shapeOutput = (row: OutputRow): Output => ({
  id: outputId({ task: row.task_id, frame: row.frame_index, place: row.place }),
  url: outputUrl(row.file),
  place: row.place,
  role: row.role,
  media_type: row.media_type,
  width: row.width ?? 0,
  height: row.height ?? 0,
  duration_ms: row.duration_ms,
  size_bytes: row.size_bytes,
  provenance: parsed<Provenance>(row.provenance),
  starred: row.starred === 1,
});

const progressOf = (frames: StoredFrame[], live: LiveLookup): number =>
  taskProgress(
    frames.map((frame) => ({ status: frame.status, progress: live(frame.frame_index)?.progress ?? 0 })),
  );

export function shapeListItem(task: TaskRow, frames: StoredFrame[], live: LiveLookup): TaskListItem {
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

export function shapeTask(task: TaskRow, frames: StoredFrame[], live: LiveLookup): Task {
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

export function shapeRemoveBg(task: TaskRow, frames: StoredFrame[], live: LiveLookup): RemoveBgTask {
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
    provenance: parsed<Provenance>(frame?.outputs[0]?.provenance ?? null),
  };
}

/** `about`: the frames it tells of; null tells of all. */
export function shapeEvent(
  task: TaskRow,
  frames: StoredFrame[],
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
