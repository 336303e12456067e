/** The state machine of a task: its status from its frames. Pure. */
import type { FrameStatus, TaskKind, TaskStatus } from '@limner/contract';
import { SHARE_OF_STEPS } from '../engines/training/trainer.ts';

export interface FrameFate {
  status: FrameStatus;
}

/** Columns of a frame of which nothing is painted: it waits, or its try starts. */
export const NOTHING_PAINTED = { progress: 0, waits_behind: null, preview: null } as const;

const unfinished = (status: FrameStatus): boolean => status === 'queued' || status === 'running';

export const hasWork = (frames: readonly FrameFate[]): boolean =>
  frames.some(({ status }) => unfinished(status));

/**
 * The final state once no frame has work left. Frames cancelled one by one do not affect the others' result.
 * `cancelled`: the whole task was cancelled.
 */
export function finalStatus(frames: readonly FrameFate[], cancelled: boolean): TaskStatus {
  if (hasWork(frames)) throw new Error('a task with unfinished frames has no final state');
  const count = (status: FrameStatus) => frames.filter((frame) => frame.status === status).length;
  const [completed, failed] = [count('completed'), count('failed')];
  if (cancelled || completed + failed === 0) return 'cancelled';
  if (failed === 0) return 'completed';
  return completed === 0 ? 'failed' : 'partial';
}

/**
 * 0…1: ended frames count fully, running ones by their progress, waiting ones not. A training that was cancelled or has failed
 * counts by the share of its steps that it took.
 */
export function taskProgress(kind: TaskKind, frames: readonly (FrameFate & { progress: number })[]): number {
  if (frames.length === 0) return 0;
  const shareOf = ({ status, progress }: FrameFate & { progress: number }): number => {
    if (unfinished(status)) return status === 'running' ? progress : 0;
    return kind === 'training' && status !== 'completed' ? Math.min(1, progress / SHARE_OF_STEPS) : 1;
  };
  const done = frames.reduce((sum, frame) => sum + shareOf(frame), 0);
  return done / frames.length;
}
