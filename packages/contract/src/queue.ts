/** The waiting and running tasks of each lane. */
import { z } from 'zod';
import { Bilingual } from './family.ts';
import { TaskKind } from './recipe.ts';
import { SecondsRange } from './seconds.ts';
import { TaskId } from './task.ts';

/** Number of waiting tasks listed per lane. */
export const MAX_LISTED_WAITING = 500;

/** A waiting task among all of its lane. */
export const QueuePlace = z.object({
  task: TaskId,
  /** 1: the next. */
  place: z.number().int().min(1),
  /** From now, estimated from recent pictures; null if a task before it has no measured time, or the lane is paused. */
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
  /** Name of its server; null if the engine has only one. */
  server: z.string().nullable(),
  /** As of the frame of the task. */
  waits_behind: z.number().int().nullable(),
});
export type RunningFrame = z.infer<typeof RunningFrame>;

export const RunningTask = z.object({
  task: TaskId,
  started_at: z.iso.datetime().nullable(),
  frames: z.array(RunningFrame),
  /** From now; null if its model has no measured time. */
  ends_within: SecondsRange.nullable(),
});
export type RunningTask = z.infer<typeof RunningTask>;

export const LaneId = z.string().min(1).max(60);

/** A lane with its running and waiting tasks, in the order in which workers claim them. */
export const QueueLane = z.object({
  id: LaneId,
  /** The label of its engine. */
  engine: Bilingual,
  kinds: z.array(TaskKind),
  /** False: the engine cannot paint at present, for example because it has no server. */
  available: z.boolean(),
  /** When it was paused; null: it is not paused. */
  paused_at: z.iso.datetime().nullable(),
  /** Tasks that run at once. */
  at_once: z.number().int(),
  running: z.array(RunningTask),
  waiting: z.array(QueuePlace),
  /** When a task created now would start, from now; null if not known. */
  free_within: SecondsRange.nullable(),
});
export type QueueLane = z.infer<typeof QueueLane>;

export const PauseLane = z.strictObject({ paused: z.boolean() });

export const MoveTask = z.strictObject({
  task: TaskId,
  /** The waiting task of the same lane before which it is put; null: the end. */
  before: TaskId.nullable(),
});
export type MoveTask = z.infer<typeof MoveTask>;

export const CancelledTasks = z.object({ cancelled: z.number().int() });
