/** What a failed try of a frame means for its prompt and for its next try. */
import { StudioError } from '@limner/contract';
import { type ServerName, unreachable } from '../link/client-errors.ts';
import { connectionRefused } from '../link/client-http.ts';

const hasCode = (error: unknown, code: StudioError['code']): error is StudioError =>
  error instanceof StudioError && error.code === code;

export const isTimeOut = (error: unknown): boolean => hasCode(error, 'frame_timeout');
export const isLost = (error: unknown): boolean => hasCode(error, 'job_lost');

export const isNodeFailure = (error: unknown): error is StudioError => hasCode(error, 'engine_node_failed');

/** An error that repeats on one server may not occur on another, with other files and another version. */
export const worthAnotherTry = ({ code, data, field, cause }: StudioError): StudioError =>
  new StudioError(code, { data, field, cause, again: true });

/** A node did not find a picture or a LoRA that was sent. */
export const lacksSentFile = (error: unknown): boolean =>
  hasCode(error, 'engine_refused') && ['image', 'lora_name'].includes(String(error.data.field));

/** Its prompt was withdrawn from a queue, because another server will finish it sooner. */
export class Recalled extends Error {}

/** The server was unreachable before anything was sent, so no try is counted. */
class NotSent extends Error {}

export const notSent = (server: ServerName): StudioError => unreachable(server, new NotSent());

export const neverSent = (error: unknown): boolean =>
  hasCode(error, 'engine_unreachable') && (error.cause instanceof NotSent || connectionRefused(error));

/**
 * The server named a file that does not exist: it answered an equal graph from its cache with the name of a deleted
 * file.
 */
export class FileGone extends Error {}

export const isFileGone = (error: unknown): boolean =>
  error instanceof StudioError && error.cause instanceof FileGone;
