import { z } from 'zod';
import { TaskId } from './task.ts';

/** How many waiting tasks of a lane are told of. */
export const MAX_TOLD_WAITING = 500;

/** A waiting task among all of its lane. */
export const QueuePlace = z.object({
  task: TaskId,
  /** 1: the next. */
  place: z.number().int().min(1),
  /** From now, as pictures took here lately; null before the first of a family was timed. */
  starts_in_seconds: z.number().nullable(),
});
export type QueuePlace = z.infer<typeof QueuePlace>;
