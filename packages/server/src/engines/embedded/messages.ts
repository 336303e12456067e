/** The messages that travel between the server and the embedded child process. */
import type { ErrorCode, ErrorData } from '@limner/contract';
import type { PictureResult } from './job.ts';

export type ToChild = { kind: 'run'; id: number; name: string; job: object } | { kind: 'abort'; id: number };

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
