/**
 * The work that the embedded engines hand to their child process, and the few messages that travel between the two.
 * A job is plain data in and a picture out: the same job always gives the same picture, so it can be sent again to a
 * fresh child when a neighbour had to be stopped the hard way.
 */
import type { ErrorCode, ErrorData } from '@limner/contract';
import type { CutoutJob } from '../cutout/cutout.ts';
import type { ComposeJob } from '../starter/compose/compose.ts';
import type { ControlLookJob } from '../starter/control-look.ts';
import type { PaintJob } from '../starter/paint/paint.ts';
import type { TrainJob, TrainSamplesJob } from '../training/starter/train-job.ts';
import type { UpscaleJob } from '../upscale/upscale.ts';
import type { JobContext, PictureResult } from './job.ts';

export interface Jobs {
  compose: Omit<ComposeJob, 'signal'>;
  paint: PaintJob;
  controlLook: ControlLookJob;
  cutout: CutoutJob;
  upscale: UpscaleJob;
  train: TrainJob;
  trainSamples: TrainSamplesJob;
}

export type JobName = keyof Jobs;

export type JobHandlers = { [K in JobName]: (job: Jobs[K], ctx: JobContext) => Promise<PictureResult> };

export type ToChild =
  | { kind: 'run'; id: number; name: JobName; job: Jobs[JobName] }
  | { kind: 'abort'; id: number };

/** An error as it crosses the process border: a `StudioError`'s parts, or what an unknown error said. */
export type JobFailure =
  | { code: ErrorCode; data: ErrorData; field: string | undefined }
  | { code: null; message: string; stack: string };

export type FromChild =
  | { kind: 'progress'; id: number; fraction: number }
  | { kind: 'preview'; id: number; bytes: Uint8Array; mediaType: string }
  | { kind: 'news'; id: number; news: unknown }
  | { kind: 'done'; id: number; result: PictureResult }
  | { kind: 'failed'; id: number; failure: JobFailure };
