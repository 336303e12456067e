/**
 * Binds handlers to routes of the contract. A handler gets the parsed request and returns the answer; status, language,
 * errors and who may call are the same for all of them.
 *
 * Schemas are applied here and not by the framework's validation: a refusal must name the field and give the reason in
 * two languages. Answers are checked by the compiler and by the tests, not at run time: a stored row that an older
 * version wrote must not turn a whole list into an error.
 */
import { type ByteRoute, type Caller, type Language, type Route, StudioError } from '@limner/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { localized, requestedLanguage } from './language.ts';
import { parse } from './parse.ts';

type Parsed<R, K extends string> = R extends { [P in K]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

interface BytesCall<R> {
  caller: R extends { allowed: 'anyone' } ? Caller | null : Caller;
  params: Parsed<R, 'params'>;
  query: Parsed<R, 'query'>;
  request: FastifyRequest;
  reply: FastifyReply;
}

export interface Call<R> extends BytesCall<R> {
  body: Parsed<R, 'body'>;
  language: Language;
}

export type Answer<R> = R extends { response: infer S extends z.ZodType } ? z.input<S> : never;

export function bind<R extends Route>(
  app: FastifyInstance,
  route: R,
  handler: (call: Call<R>) => Promise<Answer<R>>,
): void {
  app.route({
    method: route.method,
    url: route.path,
    config: { allowed: route.allowed },
    ...(route.bodyLimitMb ? { bodyLimit: route.bodyLimitMb * 1024 ** 2 } : {}),
    handler: async (request, reply) => {
      const language = requestedLanguage(request);
      const body = route.body && parse(route.body, request.body ?? undefined, 'body');
      const call = { ...parsedRequest(route, request, reply), body, language } as Call<R>;
      const answer = localized(await handler(call), language);
      reply.status(route.status);
      return route.status === 204 ? reply.send() : reply.send(answer);
    },
  });
}

/** The handler answers HEAD too, because the framework does not know the length. */
export function bindBytes<R extends ByteRoute>(
  app: FastifyInstance,
  route: R,
  handler: (call: BytesCall<R>) => Promise<FastifyReply>,
): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: route.path,
    config: { allowed: route.allowed },
    handler: (request, reply) => {
      refuseNul(request.params as Record<string, string>);
      return handler(parsedRequest(route, request, reply) as BytesCall<R>);
    },
  });
}

/** No file of Limner has such a name, and databases refuse it. */
function refuseNul(params: Record<string, string>): void {
  const name = Object.values(params).find((value) => value.includes('\0'));
  if (name !== undefined) throw new StudioError('file_not_found', { data: { name } });
}

function parsedRequest(route: Pick<Route, 'params' | 'query'>, request: FastifyRequest, reply: FastifyReply) {
  return {
    caller: request.caller,
    params: route.params && parse(route.params, request.params, 'path'),
    query: route.query && parse(route.query, request.query, 'query'),
    request,
    reply,
  };
}
