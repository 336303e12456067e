/** Finished pictures as things of their own: starred, and taken home many at once. */
import { z } from 'zod';
import { TaskId } from './task.ts';

/** `{task}_{frame}`, and `{task}_{frame}_{place}` for what a frame left beside its first output. */
export const OutputId = z.stringFormat('output_id', /^\d{1,15}_\d{1,4}(_\d{1,3})?$/);
export type OutputId = z.infer<typeof OutputId>;

/** How many tasks or pictures one request may name. */
export const MAX_CHOSEN = 2_000;
/** How many pictures one archive takes. */
export const MAX_ZIP_PICTURES = 5_000;

/** Pictures named one by one, or all of some tasks. */
export const Pictures = z.strictObject({
  outputs: z.array(OutputId).max(MAX_CHOSEN).default([]),
  tasks: z.array(TaskId).max(MAX_CHOSEN).default([]),
});
export type Pictures = z.infer<typeof Pictures>;

/** `POST /api/outputs/star` */
export const StarRequest = Pictures.extend({ starred: z.boolean() });
export type StarRequest = z.infer<typeof StarRequest>;

export const StarResult = z.object({
  /** Pictures that changed; those that were so already are not counted. */
  changed: z.number().int(),
});
export type StarResult = z.infer<typeof StarResult>;

/** An archive that is ready to be fetched; it is made while it is read. */
export const Zip = z.object({
  id: z.string(),
  url: z.string(),
  name: z.string(),
  pictures: z.number().int(),
  /** Of the pictures themselves; the archive is a little larger. */
  size_bytes: z.number().int(),
  expires_at: z.iso.datetime(),
});
export type Zip = z.infer<typeof Zip>;

/** `POST /api/tasks/delete` */
export const DeleteTasks = z.strictObject({ tasks: z.array(TaskId).min(1).max(MAX_CHOSEN) });
export type DeleteTasks = z.infer<typeof DeleteTasks>;

export const DeletedTasks = z.object({
  /** Tasks that are gone now; those that were gone before are not counted. */
  deleted: z.number().int(),
  /** Tasks that stay, because one that has not ended still needs their pictures. */
  in_use: z.array(z.object({ id: TaskId, needed_by: TaskId })),
});
export type DeletedTasks = z.infer<typeof DeletedTasks>;
