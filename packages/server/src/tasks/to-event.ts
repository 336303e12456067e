/** Converts rows to events of the contract. Pure. */
import type { ErrorBody, LossPoint, TaskEvent } from '@limner/contract';
import { parsed } from '../db/parsed.ts';
import { taskProgress } from './state.ts';
import type { TaskWithFrames } from './store/task-rows.ts';
import { type BeyondRows, expiryOf, finishedFrames, outputPaths, toFrame, underWay } from './to-task.ts';

export interface EventDetails {
  /** Indices of the changed frames; null: all. */
  about: number[] | null;
  version: number;
  /** The newest loss of a training. */
  loss?: LossPoint;
  deleted?: boolean;
}

export function toEvent(
  { task, frames }: TaskWithFrames,
  { about, version, loss, deleted }: EventDetails,
  { cleanupDays, nameOf }: BeyondRows,
): TaskEvent {
  const named = about === null ? frames : frames.filter(({ frame_index }) => about.includes(frame_index));
  const [only] = about?.length === 1 ? named : [];
  return {
    kind: task.kind,
    id: task.id,
    status: task.status,
    progress: taskProgress(task.kind, frames),
    current_frame: frames.filter((frame) => frame.completed_at !== null).length,
    total_frames: task.total_frames,
    frame_progress: only?.status === 'running' ? only.progress : null,
    ...underWay(frames),
    output_paths: outputPaths(frames),
    finished_frames: finishedFrames(frames),
    stars: task.stars,
    error: parsed<ErrorBody>(task.error),
    expires_at: expiryOf(task, cleanupDays),
    timestamp: new Date().toISOString(),
    version,
    frames: named.map((frame) => toFrame(frame, task, nameOf)),
    ...(task.kind === 'training' ? { loss } : {}),
    ...(deleted ? { deleted } : {}),
  };
}
