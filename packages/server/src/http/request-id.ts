/**
 * Every request has an id: the `x-request-id` of its sender, if it is short and safe to print, or one of ours. It is in the
 * answer, in refusals, in the lines that are logged for the request, and stored with the tasks that it makes.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

export const REQUEST_ID = 'x-request-id';
const SAFE = /^[\w.:@=+-]{1,128}$/;

export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const sent = headers[REQUEST_ID];
  return typeof sent === 'string' && SAFE.test(sent) ? sent : randomUUID();
}

/** Set at once on the answer itself, because some answers are written without the framework. */
export function nameRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.setHeader(REQUEST_ID, request.id);
  });
}
