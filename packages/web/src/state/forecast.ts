/**
 * When a picture will start and when a task will end, from what pictures took on this machine lately. Pure. Every answer
 * is null until a first picture of the family has been timed: no number is better than an invented one.
 */
import type { FamilyOffer, Frame, Task } from '@limner/contract';
import type { TaskEntry } from './task-news.ts';

export const secondsPerFrame = (families: FamilyOffer[], family: string): number | null =>
  families.find((offer) => offer.id === family)?.seconds_per_frame ?? null;

const openFrames = (entry: TaskEntry): number => {
  if (entry.detail) return entry.detail.frames.reduce((sum, frame) => sum + remaining(frame), 0);
  return entry.item.total_frames * (1 - entry.item.progress);
};

const remaining = (frame: Frame): number =>
  frame.status === 'queued' ? 1 : frame.status === 'running' ? 1 - frame.progress : 0;

/** Seconds of work in tasks that are served before this one. */
export function secondsAhead(
  entries: TaskEntry[],
  families: FamilyOffer[],
  task: Pick<Task, 'id' | 'task_kind'>,
): number {
  return entries
    .filter(({ item }) => item.id < task.id && item.task_kind === task.task_kind)
    .filter(({ item }) => item.status === 'queued' || item.status === 'running')
    .reduce((sum, entry) => sum + openFrames(entry) * (secondsPerFrame(families, entry.item.family) ?? 0), 0);
}

export function secondsLeft(task: Task, perFrame: number | null): number | null {
  return perFrame === null ? null : perFrame * task.frames.reduce((sum, frame) => sum + remaining(frame), 0);
}

/** 1 for the frame that is painted next, and when it starts, counted within its task. */
export function placeOf(
  task: Task,
  frame: Frame,
  perFrame: number | null,
): { place: number; seconds: number | null } {
  const before = task.frames.slice(0, frame.index);
  const place = before.filter((other) => other.status === 'queued').length + 1;
  const work = task.frames
    .filter((other) => other.status === 'running' || (other.status === 'queued' && other.index < frame.index))
    .reduce((sum, other) => sum + remaining(other), 0);
  return { place, seconds: perFrame === null ? null : work * perFrame };
}
