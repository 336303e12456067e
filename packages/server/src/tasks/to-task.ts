/** Converts rows to tasks of the contract. Pure. */
import {
  type DrawnWords,
  type ErrorBody,
  expiresAt,
  type Frame,
  type Output,
  outputId,
  type Provenance,
  type RemoveBgTask,
  shownOutputs,
  storedSeed,
  type Task,
  type TaskListItem,
  waitsBehind,
} from '@limner/contract';
import { parsed } from '../db/parsed.ts';
import type { OutputRow, TaskRow } from '../db/schema.ts';
import type { NameOf } from '../outputs/file-names.ts';
import { outputUrl } from '../outputs/output-name.ts';
import { shownPlan } from './plan.ts';
import { CUT_OUT_FAMILY } from './requested-task.ts';
import { taskProgress } from './state.ts';
import type { StoredFrame, TaskWithFrames } from './store/task-rows.ts';

/** What tasks say beyond their rows. */
export interface BeyondRows {
  /** As in `toListItem`. */
  cleanupDays: number;
  nameOf: NameOf;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export const outputPaths = (frames: StoredFrame[]): string[] =>
  frames.flatMap(({ outputs }) => shownOutputs(outputs)).map(({ file }) => outputUrl(file));

export const finishedFrames = (frames: StoredFrame[]): number =>
  frames.filter(({ outputs }) => shownOutputs(outputs).length > 0).length;

/** What the running frames do now. */
export function underWay(frames: StoredFrame[]): { waits_behind: number | null; painting_frames: number } {
  const running = frames.filter(({ status }) => status === 'running');
  const painted = running.filter(({ waits_behind }) => waits_behind === null);
  return { waits_behind: waitsBehind(running), painting_frames: painted.length };
}

export function toFrame(frame: StoredFrame, task: TaskRow, nameOf: NameOf): Frame {
  const running = frame.status === 'running';
  const { seed, drawn } = frame;
  const outputs = frame.outputs.map((row) => toOutput(row, nameOf({ ...task, ...row, seed, drawn })));
  return {
    index: frame.frame_index,
    status: frame.status,
    seed: storedSeed(seed),
    drawn: parsed<DrawnWords>(drawn),
    progress: frame.status === 'completed' ? 1 : running ? frame.progress : 0,
    tries: frame.tries,
    // A training may have LoRAs of earlier steps and no picture.
    output: outputs.find(({ role }) => task.kind !== 'training' || role !== 'lora') ?? null,
    outputs,
    waits_behind: running ? frame.waits_behind : null,
    preview_url: previewUrl(frame),
    error: parsed<ErrorBody>(frame.error),
    started_at: isoOrNull(frame.started_at),
    completed_at: isoOrNull(frame.completed_at),
  };
}

export const previewUrl = ({ status, task_id, frame_index, preview }: StoredFrame): string | null =>
  status === 'running' && preview !== null
    ? `/api/tasks/${task_id}/frames/${frame_index}/preview?v=${preview}`
    : null;

const toOutput = (row: OutputRow, fileName: string): Output => ({
  id: outputId({ task: row.task_id, frame: row.frame_index, place: row.place }),
  url: outputUrl(row.file),
  file_name: fileName,
  place: row.place,
  role: row.role,
  media_type: row.media_type,
  width: row.width ?? 0,
  height: row.height ?? 0,
  duration_ms: row.duration_ms,
  ...(row.fps === null ? {} : { fps: row.fps }),
  size_bytes: row.size_bytes,
  provenance: parsed<Provenance>(row.provenance),
  starred: row.starred === 1,
});

export const expiryOf = ({ status, stars, completed_at }: TaskRow, cleanupDays: number): string | null =>
  expiresAt({ status, stars, completed_at: isoOrNull(completed_at) }, cleanupDays);

/** `cleanupDays`: age at which ended tasks are cleaned up; 0: they are kept. */
export function toListItem({ task, frames }: TaskWithFrames, cleanupDays: number): TaskListItem {
  return {
    id: task.id,
    task_kind: task.kind,
    status: task.status,
    created_at: iso(task.created_at),
    started_at: isoOrNull(task.started_at),
    completed_at: isoOrNull(task.completed_at),
    expires_at: expiryOf(task, cleanupDays),
    progress: taskProgress(task.kind, frames),
    ...underWay(frames),
    output_paths: outputPaths(frames),
    finished_frames: finishedFrames(frames),
    stars: task.stars,
    prompt: task.prompt,
    family: task.family,
    style_id: task.style_id,
    total_frames: task.total_frames,
    error: parsed<ErrorBody>(task.error),
    version: task.version,
  };
}

export function toTask({ task, frames }: TaskWithFrames, { cleanupDays, nameOf }: BeyondRows): Task {
  const { recipe, choice } = shownPlan(task);
  const { kind, negative_prompt } = recipe;
  return {
    ...toListItem({ task, frames }, cleanupDays),
    recipe,
    type: recipe.type,
    negative_prompt: kind === 'generation' || negative_prompt !== '' ? negative_prompt : null,
    input_image: recipe.input_image,
    mask_image: recipe.mask_image,
    outpaint: recipe.outpaint,
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
    frames: frames.map((frame) => toFrame(frame, task, nameOf)),
  };
}

export function toRemoveBg({ task, frames }: TaskWithFrames): RemoveBgTask {
  const { recipe, choice } = shownPlan(task);
  const frame = frames[0];
  return {
    id: task.id,
    input_image: recipe.input_image ?? '',
    output_image: outputPaths(frames)[0] ?? null,
    model: recipe.params.model ?? (choice.family === CUT_OUT_FAMILY ? 'birefnet' : choice.family),
    status: task.status,
    source_task_id: task.source_task_id,
    created_at: iso(task.created_at),
    completed_at: isoOrNull(task.completed_at),
    progress: taskProgress(task.kind, frames),
    error: parsed<ErrorBody>(task.error),
    choice,
    provenance: parsed<Provenance>(frame?.outputs[0]?.provenance ?? null),
  };
}
