/** Frames of a task by their index, which is their name: a deleted picture leaves a gap, so it is no place in the list. */
import type { Frame, Task } from '@limner/contract';

export const frameAt = (task: Pick<Task, 'frames'> | null | undefined, index: number): Frame | undefined =>
  task?.frames.find((frame) => frame.index === index);

/** The frame itself, or where it was deleted the one that came into its place. */
export const nearestFrame = (
  task: Pick<Task, 'frames'> | null | undefined,
  index: number,
): Frame | undefined => task?.frames.find((frame) => frame.index >= index) ?? task?.frames.at(-1);

/** Its place among those that are left, from 1: the n of "n of total". */
export const placeAmong = (task: Pick<Task, 'frames'>, { index }: Pick<Frame, 'index'>): number =>
  task.frames.findIndex((frame) => frame.index === index) + 1;
