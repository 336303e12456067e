/**
 * When a picture will start within its task and when a task will end, from what pictures took on this machine lately.
 * Pure; which tasks come before, the server says (see queue.ts). Every answer
 * is null until a first picture of the family has been timed: no number is better than an invented one.
 */
import type { FamilyOffer, Frame, Task } from '@limner/contract';

export const secondsPerFrame = (families: FamilyOffer[], family: string): number | null =>
  families.find((offer) => offer.id === family)?.seconds_per_frame ?? null;

const remaining = (frame: Frame): number =>
  frame.status === 'queued' ? 1 : frame.status === 'running' ? 1 - frame.progress : 0;

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
