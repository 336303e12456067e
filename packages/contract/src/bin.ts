/** The bin: deleted and cleaned-up tasks, pictures, uploads and data sets, kept with their files for some days so that they can be restored. */
import { z } from 'zod';
import { fromDigits } from './digits.ts';
import { MAX_CHOSEN, OutputId } from './output.ts';
import { TaskId } from './task.ts';

export const BinKind = z.enum(['task', 'picture', 'upload', 'dataset']);
export type BinKind = z.infer<typeof BinKind>;

const BinItemId = z.number().int().positive();

export const BinItem = z.object({
  id: BinItemId,
  kind: BinKind,
  /** The prompt of the task, or the name of the uploaded file or data set. */
  title: z.string(),
  /** The task, or the task that the picture belongs to. */
  task_id: TaskId.nullable(),
  files: z.number().int(),
  size_bytes: z.number().int(),
  /** By a user, or by a clean-up. */
  cause: z.enum(['deleted', 'cleaned']),
  deleted_at: z.iso.datetime(),
  /** When it is removed for good, or earlier if the bin is full. */
  expires_at: z.iso.datetime(),
  /** A small copy of its first picture; null if it has none. */
  thumbnail_url: z.string().nullable(),
});
export type BinItem = z.infer<typeof BinItem>;

export const BinQuery = z.object({
  /** Items older than this one. */
  before: fromDigits(z.number().int().positive()).optional(),
  limit: fromDigits(z.number().int().min(1).max(200)).default(50),
});
export type BinQuery = z.infer<typeof BinQuery>;

export const BinPage = z.object({
  /** Newest first. */
  items: z.array(BinItem),
  /** `before` of the next page; null on the last. */
  next_before: z.number().int().nullable(),
  /** Of the whole bin. */
  count: z.number().int(),
  size_bytes: z.number().int(),
  /** Days that an item is kept; 0: there is no bin, and a deletion is final. */
  days: z.number().int(),
});
export type BinPage = z.infer<typeof BinPage>;

/** Ids of deleted tasks, outputs and uploads (each means its latest deletion), or ids of bin items. */
export const RestoreRequest = z.strictObject({
  items: z.array(BinItemId).max(MAX_CHOSEN).default([]),
  tasks: z.array(TaskId).max(MAX_CHOSEN).default([]),
  outputs: z.array(OutputId).max(MAX_CHOSEN).default([]),
});
export type RestoreRequest = z.infer<typeof RestoreRequest>;

export const RestoreResult = z.object({
  restored: z.number().int(),
  /** Tasks that were restored, or of which a picture was restored. */
  tasks: z.array(TaskId),
});
export type RestoreResult = z.infer<typeof RestoreResult>;

/** Removes items for good; without `items` the whole bin. */
export const EmptyBinRequest = z.strictObject({ items: z.array(BinItemId).max(MAX_CHOSEN).optional() });
export type EmptyBinRequest = z.infer<typeof EmptyBinRequest>;

export const EmptyBinResult = z.object({ removed: z.number().int(), size_bytes: z.number().int() });
export type EmptyBinResult = z.infer<typeof EmptyBinResult>;
