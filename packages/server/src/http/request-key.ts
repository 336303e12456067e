/**
 * `Idempotency-Key`: a client that has no answer sends the same request with the same key again and gets the same task.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
import { createHash } from 'node:crypto';
import type { Caller } from '@limner/contract';
import type { FastifyRequest } from 'fastify';
import type { RequestKey } from '../tasks/repeated-requests.ts';

/** Null: the client has sent none. @param content the same for a request and its repetitions, whatever their bytes */
export function requestKey(caller: Caller, request: FastifyRequest, content: unknown): RequestKey | null {
  const sent = request.headers['idempotency-key'];
  if (typeof sent !== 'string' || sent === '') return null;
  return {
    key: hashOf(['key', caller.id, sent]),
    content: hashOf([request.routeOptions.url, content]),
    joins: true,
  };
}

export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64');
