/** What runs, what waits and what is wrong, for whoever keeps a Limner running. */
import { z } from 'zod';
import { ErrorBody, ErrorCode } from './error.ts';
import { Bilingual } from './family.ts';

export const ProcessStatus = z.object({
  name: z.string(),
  /** `serve` answers, and paints unless RUN_WORKER=false. */
  role: z.enum(['serve', 'worker']),
  paints: z.boolean(),
  version: z.string(),
  started_at: z.iso.datetime(),
  /** Since its last sign of life, which each process gives every ten seconds. */
  seen_seconds_ago: z.number(),
  /** False: it gave no sign of life for a minute. It is listed for a day. */
  alive: z.boolean(),
  /** The one that answers. */
  is_this: z.boolean(),
  /** How late its timers are: 99 of 100 are less late. */
  lag_seconds: z.number(),
  memory_bytes: z.number(),
});
export type ProcessStatus = z.infer<typeof ProcessStatus>;

export const LaneStatus = z.object({
  id: z.string(),
  engine: Bilingual,
  queued: z.number().int(),
  running: z.number().int(),
  /** Age of the oldest waiting task; null: none waits. */
  oldest_seconds: z.number().nullable(),
  paused: z.boolean(),
});
export type LaneStatus = z.infer<typeof LaneStatus>;

export const StudioStatus = z.object({
  /** What is wrong, each with its cure; empty: nothing that Limner knows of. */
  problems: z.array(z.object({ what: Bilingual, cure: Bilingual })),
  processes: z.array(ProcessStatus),
  lanes: z.array(LaneStatus),
  /** Of the frames that failed in the last day, most frequent first. */
  errors: z.array(
    z.object({
      code: ErrorCode,
      count: z.number().int(),
      last_at: z.iso.datetime(),
      /** The newest of them. */
      error: ErrorBody,
    }),
  ),
  database: z.object({ kind: z.enum(['sqlite', 'postgres']), size_bytes: z.number() }),
  /** Where files are. `disk` null: a bucket has no end. */
  storage: z.object({
    kind: z.enum(['folder', 'bucket']),
    disk: z.object({ free_bytes: z.number(), total_bytes: z.number() }).nullable(),
  }),
  /** null: none is configured. */
  redis: z.enum(['ready', 'away']).nullable(),
});
export type StudioStatus = z.infer<typeof StudioStatus>;
