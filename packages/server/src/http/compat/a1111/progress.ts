/** `progress`: how far the caller's task is, in the words of A1111. */
import type { Task } from '@limner/contract';
import type { InternalProgress } from './routes.ts';

export interface Progress {
  progress: number;
  /** Seconds. */
  eta_relative: number;
  state: {
    skipped: boolean;
    interrupted: boolean;
    stopping_generation: boolean;
    job: string;
    job_count: number;
    job_timestamp: string;
    job_no: number;
    sampling_step: number;
    sampling_steps: number;
  };
  current_image: string | null;
  textinfo: string | null;
}

export const IDLE: Progress = {
  progress: 0,
  eta_relative: 0,
  state: {
    skipped: false,
    interrupted: false,
    stopping_generation: false,
    job: '',
    job_count: 0,
    job_timestamp: '0',
    job_no: 0,
    sampling_step: 0,
    sampling_steps: 0,
  },
  current_image: null,
  textinfo: null,
};

/** @param preview of the picture that is painted, as base64 */
export function progressOf(task: Task, preview: string | null, nowMs: number): Progress {
  const { progress, status, type, started_at, created_at, total_frames, params } = task;
  const painted = paintedFrame(task);
  const steps = params.steps ?? 0;
  return {
    progress,
    eta_relative: secondsLeft(progress, started_at, nowMs),
    state: {
      ...IDLE.state,
      job: type ?? '',
      job_count: total_frames,
      job_timestamp: jobTimestamp(new Date(started_at ?? created_at)),
      job_no: task.frames.filter(({ status }) => status === 'completed' || status === 'failed').length,
      sampling_step: Math.round(steps * (painted?.progress ?? 0)),
      sampling_steps: steps,
    },
    current_image: preview,
    textinfo: status === 'queued' ? 'Waiting...' : null,
  };
}

/** `live_preview` carries no number here: every one is the newest. */
export const internalProgressOf = (
  task: Task | null,
  preview: { bytes: Uint8Array; mediaType: string } | null,
  nowMs: number,
): InternalProgress => ({
  active: task?.status === 'running',
  queued: task?.status === 'queued',
  completed: task === null,
  progress: task?.progress ?? null,
  eta: task && secondsLeft(task.progress, task.started_at, nowMs),
  live_preview:
    preview && `data:${preview.mediaType};base64,${Buffer.from(preview.bytes).toString('base64')}`,
  id_live_preview: -1,
  textinfo: task?.status === 'queued' ? 'Waiting...' : null,
});

export const paintedFrame = ({ frames }: Pick<Task, 'frames'>) =>
  frames.find(({ status }) => status === 'running');

function secondsLeft(progress: number, startedAt: string | null, nowMs: number): number {
  if (startedAt === null || progress === 0) return 0;
  return (((nowMs - Date.parse(startedAt)) / progress) * (1 - progress)) / 1000;
}

/** Local time, `20261129143000`. */
export function jobTimestamp(at: Date): string {
  const parts = [at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()];
  return `${at.getFullYear()}${parts.map((part) => String(part).padStart(2, '0')).join('')}`;
}
