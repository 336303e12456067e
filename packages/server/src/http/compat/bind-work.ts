/**
 * Binds a route that makes work of its body and answers after that work has ended. The body may hold pictures as base64,
 * so it is read first and then let go: a request that waits for minutes must not keep it, and only so many bytes of bodies
 * are held at once.
 */
import { StudioError } from '@limner/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from '../bind.ts';
import { heldBody } from '../body-gate.ts';
import { JSON_LIMIT_BYTES } from '../errors.ts';
import { requestedLanguage } from '../language.ts';
import { parse } from '../parse.ts';
import type { DialectRoute } from './dialect.ts';
import { limitSilence } from './waiting.ts';

export interface WorkSteps<R, W> {
  /** Makes small values of the request: uploads of its pictures, a task of its fields. */
  read(call: Call<R>): Promise<W>;
  answer(work: W, call: Omit<Call<R>, 'body'>): Promise<unknown>;
}

/** An `answer` that has sent the reply itself returns the reply. */
export function bindWork<R extends DialectRoute, W>(
  app: FastifyInstance,
  route: R,
  { read, answer }: WorkSteps<R, W>,
): void {
  const limitBytes = route.bodyLimitBytes ?? JSON_LIMIT_BYTES;
  const leaving = new WeakMap<FastifyRequest, () => void>();
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: limitBytes,
    config: { allowed: route.allowed },
    preParsing: async (request, reply, payload) => {
      leaving.set(request, await heldBody(request, reply, limitBytes));
      return payload;
    },
    handler: async (request, reply) => {
      const call = callOf(route, request, reply);
      const work = await readBody(route, request, call, read).finally(() => leaving.get(request)?.());
      const answered = await answer(work, call);
      limitSilence(request);
      return answered === undefined ? reply : reply.status(route.status).send(answered);
    },
  });
}

function callOf<R extends DialectRoute>(
  route: R,
  request: FastifyRequest,
  reply: FastifyReply,
): Omit<Call<R>, 'body'> {
  return {
    caller: request.caller,
    params: route.params && parse(route.params, request.params, 'path'),
    query: route.query && parse(route.query, request.query, 'query'),
    language: requestedLanguage(request),
    request,
    reply,
  } as Omit<Call<R>, 'body'>;
}

async function readBody<R extends DialectRoute, W>(
  route: R,
  request: FastifyRequest,
  call: Omit<Call<R>, 'body'>,
  read: WorkSteps<R, W>['read'],
): Promise<W> {
  refuseOtherForm(route, request);
  const body = request.isMultipart()
    ? undefined
    : route.body && parse(route.body, request.body ?? undefined, 'body');
  try {
    return await read({ ...call, body } as Call<R>);
  } finally {
    request.body = undefined;
  }
}

function refuseOtherForm({ body, form }: DialectRoute, request: FastifyRequest): void {
  const expected = request.isMultipart()
    ? body && !form && 'application/json'
    : form && !body && 'multipart/form-data';
  if (expected) throw new StudioError('unsupported_body', { data: { expected } });
}
