/**
 * Refusals of A1111: a fault of a field is 422 with a list in `detail`, as FastAPI answers; everything else is an object
 * whose `detail` and `errors` have the sentence, because some clients show the one and some the other.
 */
import type { StudioError } from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requestedLanguage } from '../../language.ts';

/** Of bodies. */
const VALIDATION: readonly string[] = ['invalid_request', 'invalid_json'];
/** What a field names and nothing has, and files of another kind. */
const OF_FIELDS: readonly number[] = [404, 415];
/** A client may try again later. */
const PASSES = 503;
const INIT_IMAGE = 'Init image not found';

const Detail = z.object({
  loc: z.array(z.union([z.string(), z.number()])),
  msg: z.string(),
  type: z.string(),
});

export const A1111Refusal = z.union([
  z.object({ detail: z.array(Detail) }),
  z.object({ error: z.string(), detail: z.string(), body: z.string(), errors: z.string() }),
]);

export function a1111Refusal(
  error: StudioError,
  request: FastifyRequest,
  reply: FastifyReply,
): z.output<typeof A1111Refusal> {
  const { message } = error.body(requestedLanguage(request));
  const isInitImage = error.code === 'image_not_found' && error.field === 'init_images';
  const isOfField = error.field !== undefined && OF_FIELDS.includes(error.status) && !isInitImage;
  if (VALIDATION.includes(error.code) || isOfField) {
    reply.status(422);
    return { detail: [{ loc: locationOf(error), msg: message, type: `value_error.${error.code}` }] };
  }
  // A1111 has no other status for what fails while it works.
  if (error.status >= 500 && error.status !== PASSES) reply.status(500);
  const detail = isInitImage ? INIT_IMAGE : message;
  return { error: error.code, detail, body: '', errors: detail };
}

/** `['body', 'init_images', 0]` */
const locationOf = ({ field }: StudioError): (string | number)[] => [
  'body',
  ...(field ?? '')
    .split('.')
    .filter((part) => part !== '' && part !== 'body')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
];
