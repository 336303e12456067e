/**
 * Refusals as OpenAI writes them: `{error: {message, type, param, code}}`. Clients try statuses of 408, 409, 429 and 500 on
 * again unless `x-should-retry` is `false`, so it is sent where another try would end the same.
 */
import { type ErrorCode, type Language, StudioError, type Task } from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { requestedLanguage } from '../../language.ts';
import { errorOfTask } from '../task-error.ts';
import type { Problem, Refused } from './answers.ts';

interface Kind {
  status: number;
  type: string;
  code: string;
  isFinal?: boolean;
}

const IMAGE: Kind = { status: 400, type: 'invalid_request_error', code: 'invalid_image', isFinal: true };
const INVALID: Kind = { status: 400, type: 'invalid_request_error', code: 'invalid_value', isFinal: true };
const CANCELLED: Kind = { status: 409, type: 'invalid_request_error', code: 'cancelled', isFinal: true };
const RATE: Kind = { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' };
const NO_ENGINE: Kind = { status: 503, type: 'server_error', code: 'engine_unavailable', isFinal: true };

const KINDS: Partial<Record<ErrorCode, Kind>> = {
  file_type: IMAGE,
  file_broken: IMAGE,
  image_not_found: IMAGE,
  not_a_picture: IMAGE,
  too_many_pixels: IMAGE,
  // Its address is the client's.
  url_failed: IMAGE,
  picture_damaged: IMAGE,
  file_too_large: { ...IMAGE, status: 413 },
  body_too_large: { ...INVALID, status: 413 },
  account_needed: { ...INVALID, status: 401, code: 'invalid_api_key' },
  models_missing: NO_ENGINE,
  // Deleted while its client waited.
  task_not_found: CANCELLED,
  queue_full: RATE,
  rate_limited: RATE,
};

export function refusal(
  error: StudioError,
  request: FastifyRequest,
  reply: FastifyReply,
): z.output<typeof Refused> {
  const { status, isFinal } = kindOf(error);
  reply.status(status);
  if (isFinal) reply.header('x-should-retry', 'false');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return { error: refusedAs(error, requestedLanguage(request)) };
}

export const refusedAs = (error: StudioError, language: Language): Problem =>
  problemOf(error, kindOf(error), language);

function kindOf({ code, status, field }: StudioError): Kind {
  const known = KINDS[code];
  if (known) return known;
  if (status >= 500) return { status, type: 'server_error', code };
  // What a field names and nothing has is a wrong field, not a wrong address.
  const isField = field !== undefined && status === 404;
  return [403, 404, 405].includes(status) && !isField ? { ...INVALID, status, code } : INVALID;
}

/** Indexes of lists are in brackets: `images[0].file_id`. */
const problemOf = (error: StudioError, { type, code }: Kind, language: Language): Problem => ({
  message: error.body(language).message,
  type,
  param: error.field?.replace(/\.(\d+)(?=\.|$)/g, '[$1]') ?? null,
  code,
});

export interface FailedWork {
  status: number;
  problem: Problem;
}

/** Of a task that left no picture. Its prompt may be at fault; otherwise it has been tried often enough. */
export function failedWork(task: Task, language: Language): FailedWork {
  if (task.status === 'cancelled') return { status: CANCELLED.status, problem: cancelled(language) };
  const error = errorOfTask(task) ?? new StudioError('no_image', { data: { engine: task.choice.engine } });
  const kind = kindOf(error);
  const shown = kind.status >= 500 && kind !== NO_ENGINE ? FAILED : kind;
  return { status: shown.status, problem: problemOf(error, shown, language) };
}

const FAILED: Kind = { status: 500, type: 'server_error', code: 'generation_failed' };

const cancelled = (language: Language): Problem => ({
  message: { en: 'The task was cancelled.', zh: '任务已取消。' }[language],
  type: CANCELLED.type,
  param: null,
  code: CANCELLED.code,
});
