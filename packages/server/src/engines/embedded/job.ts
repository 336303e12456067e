/**
 * A job is work that an embedded engine hands to the child process: plain data in, a picture out. The same job always
 * gives the same picture, so it can be sent again to a new child after the old one was killed for another job.
 *
 * Each engine folder declares its kinds of job in a `jobs.ts` that imports types alone, so that the server can send a job
 * without loading the code that runs it. `embedded-child/` binds every kind to its handler.
 */
import type { Bilingual } from '@limner/contract';

export interface PictureResult {
  png: Buffer;
  summary: Bilingual;
  details: Record<string, unknown>;
  /** What the job made beside its picture. */
  made?: Uint8Array;
}

export interface JobContext {
  signal: AbortSignal;
  /** 0…1 */
  progress(fraction: number): void;
  preview(bytes: Uint8Array, mediaType: string): void;
  /**
   * Any other message of the job, in order. The sender of the job knows its type. It arrives before the result.
   * Resolves once it is on its way: what is large stays behind while the job computes without a pause.
   */
  sendNews?(news: unknown): Promise<void> | void;
}

/** `J`: the data of this kind of job. */
export interface JobKind<J extends object> {
  readonly name: string;
  /** Carries the type only. */
  readonly job?: J;
}

export const jobKind = <J extends object>(name: string): JobKind<J> => ({ name });

export interface JobHandler {
  name: string;
  run(job: object, ctx: JobContext): Promise<PictureResult>;
}

export const handle = <J extends object>(
  kind: JobKind<J>,
  run: (job: J, ctx: JobContext) => Promise<PictureResult>,
): JobHandler => ({ name: kind.name, run: run as JobHandler['run'] });
