/**
 * Binds handlers to the contract's route table. A handler gets what the schemas made of the request and returns the
 * answer; status, language and errors are the same for all of them.
 *
 * Schemas are applied here and not by the framework's validation: a refusal must name the field and tell the reason in
 * two languages. Answers are checked by the compiler and by the tests, not at run time: a stored row that an older
 * version wrote must not turn a whole list into an error.
 */
import { type Language, type Route, type RouteName, type Routes, routes } from '@limner/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { askedLanguage, told } from './language.ts';
import { parse } from './parse.ts';

type Parsed<R, K extends string> = R extends { [P in K]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

export interface Call<R> {
  params: Parsed<R, 'params'>;
  query: Parsed<R, 'query'>;
  body: Parsed<R, 'body'>;
  language: Language;
  request: FastifyRequest;
  reply: FastifyReply;
}

export type Answer<R> = R extends { response: infer S extends z.ZodType } ? z.input<S> : never;

export function bind<N extends RouteName>(
  app: FastifyInstance,
  name: N,
  handler: (call: Call<Routes[N]>) => Promise<Answer<Routes[N]>>,
): void {
  const route: Route = routes[name];
  app.route({
    method: route.method,
    url: route.path,
    handler: async (request, reply) => {
      const language = askedLanguage(request);
      const call = { ...parsed(route, request), language, request, reply } as Call<Routes[N]>;
      const answer = told(await handler(call), language);
      reply.status(route.status);
      return route.status === 204 ? reply.send() : reply.send(answer);
    },
  });
}

function parsed(route: Route, request: FastifyRequest) {
  return {
    params: route.params && parse(route.params, request.params, 'path'),
    query: route.query && parse(route.query, request.query, 'query'),
    body: route.body && parse(route.body, request.body ?? undefined, 'body'),
  };
}
