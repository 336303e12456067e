/** Requests about outputs: stars, archives, deletion. */
import { z } from 'zod';
import { OUTPUT_ID } from './output-id.ts';
import { TaskId } from './task.ts';

/** `{task}_{frame}`, and `{task}_{frame}_{place}` for further outputs of a frame. */
export const OutputId = z.stringFormat('output_id', OUTPUT_ID);
export type OutputId = z.infer<typeof OutputId>;

/** Maximum number of tasks or pictures in one request. */
export const MAX_CHOSEN = 2_000;
/** Maximum number of pictures in an archive. */
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
  /** Number of pictures that changed. */
  changed: z.number().int(),
});
export type StarResult = z.infer<typeof StarResult>;

/** An archive that can be fetched; it is created while it is read. */
export const Zip = z.object({
  id: z.string(),
  url: z.string(),
  name: z.string(),
  pictures: z.number().int(),
  /** Size of the pictures; the archive is a little larger. */
  size_bytes: z.number().int(),
  expires_at: z.iso.datetime(),
});
export type Zip = z.infer<typeof Zip>;

/** `POST /api/tasks/delete` */
export const DeleteTasks = z.strictObject({ tasks: z.array(TaskId).min(1).max(MAX_CHOSEN) });
export type DeleteTasks = z.infer<typeof DeleteTasks>;

export const DeletedTasks = z.object({
  /** Number of deleted tasks, without those that did not exist. */
  deleted: z.number().int(),
  /** Tasks that were not deleted, because an unfinished task needs their pictures. */
  in_use: z.array(z.object({ id: TaskId, needed_by: TaskId })),
});
export type DeletedTasks = z.infer<typeof DeletedTasks>;
