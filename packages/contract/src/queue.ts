/** What waits and what runs, lane by lane. */
import { z } from 'zod';
import { Bilingual } from './family.ts';
import { TaskKind } from './recipe.ts';
import { SecondsRange } from './seconds.ts';
import { TaskId } from './task.ts';

/** How many waiting tasks of a lane are listed. */
export const MAX_LISTED_WAITING = 500;

/** A waiting task among all of its lane. */
export const QueuePlace = z.object({
  task: TaskId,
  /** 1: the next. */
  place: z.number().int().min(1),
  /** From now, as pictures took here lately; null where a task before it was not measured yet, or the lane is paused. */
  starts_in_seconds: z.number().nullable(),
  /** The same as a range. */
  starts_within: SecondsRange.nullable(),
  /** Its lane is paused: it waits until the lane is resumed. */
  paused: z.boolean(),
});
export type QueuePlace = z.infer<typeof QueuePlace>;

/** A frame that is being painted. */
export const RunningFrame = z.object({
  index: z.number().int().min(0),
  progress: z.number().min(0).max(1),
  started_at: z.iso.datetime().nullable(),
  /** Name of the server it runs on, where the engine has several. */
  server: z.string().nullable(),
});
export type RunningFrame = z.infer<typeof RunningFrame>;

export const RunningTask = z.object({
  task: TaskId,
  started_at: z.iso.datetime().nullable(),
  frames: z.array(RunningFrame),
  /** From now; null where its model was not measured yet. */
  ends_within: SecondsRange.nullable(),
});
export type RunningTask = z.infer<typeof RunningTask>;

export const LaneId = z.string().min(1).max(60);

/** A lane with all that runs and waits in it, in the order in which it is taken up. */
export const QueueLane = z.object({
  id: LaneId,
  /** The engine whose lane it is. */
  engine: Bilingual,
  kinds: z.array(TaskKind),
  /** False: the engine can do nothing at present, for example because it has no server. */
  available: z.boolean(),
  /** Since when nothing new is begun; null: it is not paused. */
  paused_at: z.iso.datetime().nullable(),
  /** Tasks at once. */
  at_once: z.number().int(),
  running: z.array(RunningTask),
  waiting: z.array(QueuePlace),
  /** When a task that is made now would begin, from now; null where that is not known. */
  free_within: SecondsRange.nullable(),
});
export type QueueLane = z.infer<typeof QueueLane>;

export const PauseLane = z.strictObject({ paused: z.boolean() });

export const MoveTask = z.strictObject({
  task: TaskId,
  /** The waiting task of the same lane that it is put before; null: to the end. */
  before: TaskId.nullable(),
});
export type MoveTask = z.infer<typeof MoveTask>;

export const CancelledTasks = z.object({ cancelled: z.number().int() });
