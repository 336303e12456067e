/** The contents of the data folder, and what a clean-up would delete. */
import { z } from 'zod';

export const StoragePart = z.enum([
  'outputs',
  'uploads',
  'thumbnails',
  'loras',
  /** Checkpoints of unfinished trainings. */
  'training',
  'database',
  /** Copies of the database from before an update. */
  'backups',
  /** Files without a row. They are moved to a folder per day and never deleted. */
  'set_aside',
  /** Files in the bin. */
  'bin',
  /** Files of deleted tasks, removed by the next clean-up. */
  'trash',
]);
export type StoragePart = z.infer<typeof StoragePart>;

export const StorageUse = z.object({
  parts: z.array(
    z.object({
      part: StoragePart,
      files: z.number().int(),
      size_bytes: z.number().int(),
    }),
  ),
  /** The data folder, as the server's machine names it. Earlier versions leave it out. */
  data_dir: z.string().optional(),
  /** Of the disk the data folder is on. */
  disk: z.object({ free_bytes: z.number().int(), total_bytes: z.number().int() }),
  /** Ended tasks older than this are cleaned up automatically; 0: every picture is kept. */
  cleanup_days: z.number().int(),
  measured_at: z.iso.datetime(),
});
export type StorageUse = z.infer<typeof StorageUse>;

/**
 * Ended tasks older than so many days, and uploads of that age that no task uses. Tasks with starred pictures are kept,
 * and tasks whose pictures an unfinished task needs.
 */
export const CleanupRequest = z.strictObject({
  older_than_days: z.number().int().min(0).max(36_500),
});
/** Of a query, where numbers are text. An empty text is no 0, which would be everything. */
export const CleanupQuery = z.strictObject({
  older_than_days: z
    .union([z.number(), z.stringFormat('whole_number', /^\d{1,15}$/).transform(Number)])
    .pipe(CleanupRequest.shape.older_than_days),
});

export type CleanupRequest = z.infer<typeof CleanupRequest>;

export const CleanupPlan = z.object({
  tasks: z.number().int(),
  pictures: z.number().int(),
  uploads: z.number().int(),
  size_bytes: z.number().int(),
  /** Tasks of that age that are kept for a starred picture. */
  kept_tasks: z.number().int(),
});
export type CleanupPlan = z.infer<typeof CleanupPlan>;
