/**
 * Checking and repairing: rows that contradict each other or their files, and files that were set aside because the
 * database had no row for them.
 */
import { z } from 'zod';
import { Finding } from './finding.ts';
import { TaskId } from './task.ts';

export const RepairRequest = z.strictObject({
  /** Answer what would be mended and recovered, and change nothing. */
  dry_run: z.boolean().default(false),
});
export type RepairRequest = z.infer<typeof RepairRequest>;

/**
 * Why a file stays set aside. `unknown_name`: no name that Limner gives; `damaged`: empty, incomplete or no picture;
 * `is_here`: an upload or style of this name is in use; `no_description`: trained weights that do not say to which style
 * they belong; `failed`: it could not be moved or its row could not be written.
 */
export const RepairReason = z.enum(['unknown_name', 'damaged', 'is_here', 'no_description', 'failed']);
export type RepairReason = z.infer<typeof RepairReason>;

/** Of the files that stay, so many are named. */
export const MAX_NAMED_LEFT = 500;

export const RepairResult = z.object({
  dry_run: z.boolean(),
  /** Contradictions, by kind. */
  findings: z.array(Finding),
  /** Set-aside files of rows that exist, moved back to their place. */
  returned_files: z.number().int(),
  /** Tasks that were recovered. None in a dry run. */
  task_ids: z.array(TaskId),
  tasks: z.number().int(),
  /** Files of these tasks. */
  outputs: z.number().int(),
  /** Starred ones among them. */
  stars: z.number().int(),
  /** Tasks among them whose files contain no recipe. */
  without_recipe: z.number().int(),
  uploads: z.number().int(),
  /** Trained styles. */
  styles: z.number().int(),
  size_bytes: z.number().int(),
  /** Files that stay set aside. */
  left_files: z.number().int(),
  /** The first of them, with their place in the data folder. */
  left: z.array(z.object({ file: z.string(), reason: RepairReason })),
});
export type RepairResult = z.infer<typeof RepairResult>;

/** `files`: lists files without a row; `rows`: reads tasks and their files; `recovery`: recovers files. */
export const RepairPhase = z.enum(['files', 'rows', 'recovery']);
export type RepairPhase = z.infer<typeof RepairPhase>;

/** How far the current repair is, or what the last one did. */
export const RepairState = z.object({
  running: z.boolean(),
  dry_run: z.boolean(),
  phase: RepairPhase,
  done: z.number().int(),
  /** Of this phase; null: not known yet. */
  total: z.number().int().nullable(),
  /** null: there was none. */
  started_at: z.iso.datetime().nullable(),
  /** null while it runs, or if it was interrupted. */
  result: RepairResult.nullable(),
});
export type RepairState = z.infer<typeof RepairState>;
