/** Refusals of the native API: one format, a status, and a sentence in the requested language. */
import { type ErrorAnswer, type Language, StudioError } from '@limner/contract';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { toStudioError } from '../error.ts';
import { documentLanguage, requestedLanguage } from './language.ts';
import { invalid } from './parse.ts';
import { isRefusedPage, sendRefusalPage } from './refusal-page.ts';
import { REQUEST_ID } from './request-id.ts';

export const JSON_LIMIT_BYTES = 1024 * 1024;

/** Seconds after which a client may try again, for transient refusals. */
const RETRY_AFTER_SECONDS: Partial<Record<string, number>> = {
  queue_full: 10,
  queue_short: 10,
  shutting_down: 5,
};

/**
 * Converts a thrown error to an error of the contract; unknown ones are logged. Plugins with their own error format
 * start from this.
 */
export function refusalOf(thrown: unknown, request: FastifyRequest): StudioError {
  const error =
    thrown instanceof StudioError
      ? thrown
      : (fromFramework(thrown as FastifyError, request) ?? toStudioError(thrown));
  if (error.code === 'internal') {
    // A client that disconnects during a request is not a server error.
    const level = request.raw.destroyed && !request.raw.complete ? 'debug' : 'error';
    request.log[level](
      { err: error.cause ?? error, id: error.data.id, url: request.url },
      'a request failed',
    );
  }
  return error;
}

/** Status and headers of a refusal; its body is the dialect's. */
export function beginRefusal(thrown: unknown, request: FastifyRequest, reply: FastifyReply): StudioError {
  const error = refusalOf(thrown, request);
  request.server.meters.failed('http', error.code);
  const retryAfter = RETRY_AFTER_SECONDS[error.code];
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  reply.status(error.status).header('cache-control', 'no-store');
  if (error.code === 'body_too_large') {
    // The framework would close the connection, although the rest of the body is read.
    reply.removeHeader('connection');
  }
  return error;
}

export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  // An address that cannot be read is refused before any hook.
  reply.raw.setHeader(REQUEST_ID, request.id);
  const error = beginRefusal(thrown, request, reply);
  const language = languageOf(error, request);
  if (isRefusedPage(request, error)) sendRefusalPage(reply, error, language);
  else {
    const answer: ErrorAnswer = { error: error.body(language), request_id: request.id };
    reply.type('application/json; charset=utf-8').send(answer);
  }
}

/** What a document asks for: whatever its clients name that is not there, they are told in Chinese. */
const OF_DOCUMENT: readonly (string | undefined)[] = [
  '/api/generate',
  '/api/remove-bg',
  '/api/remove-bg/:id',
  '/api/controlnet/preview',
  '/api/tasks/:id',
  '/api/training/:id',
  '/api/styles/:id',
];

const languageOf = ({ status }: StudioError, request: FastifyRequest): Language =>
  status === 404 && OF_DOCUMENT.includes(request.routeOptions.url)
    ? documentLanguage(request)
    : requestedLanguage(request);

const bodyLimit = ({ routeOptions }: FastifyRequest): string =>
  `${Number(((routeOptions.bodyLimit ?? JSON_LIMIT_BYTES) / 1024 ** 2).toFixed(1))} MiB`;

function fromFramework(error: FastifyError, request: FastifyRequest): StudioError | null {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new StudioError('invalid_json', { cause: error });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new StudioError('unsupported_body', { data: { expected: 'application/json' }, cause: error });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new StudioError('body_too_large', { data: { limit: bodyLimit(request) }, cause: error });
    case 'FST_PARTS_LIMIT':
    case 'FST_FIELDS_LIMIT':
    case 'FST_FILES_LIMIT':
      return invalid('body', { en: 'has too many fields or files', zh: '的字段或文件过多' });
    case 'FST_INVALID_JSON_FIELD_ERROR':
      return new StudioError('invalid_json', { cause: error });
    case 'FST_PROTO_VIOLATION':
      return invalid('body', { en: 'has a field with a reserved name', zh: '含有保留名称的字段' });
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return invalid('path', { en: 'is not a valid address', zh: '不是有效的地址' });
  }
  // The JSON parser may throw plain SyntaxErrors of status 400.
  return error instanceof SyntaxError && error.statusCode === 400
    ? new StudioError('invalid_json', { cause: error })
    : null;
}
