/**
 * A dialect is the API of another program or document, served so that its clients work unchanged. It maps their requests
 * to recipes and their tasks' ends to their answers, and has no logic of its own. Each dialect is a plugin with its own
 * form of refusals, so nothing of it reaches the native routes.
 */
import type { Route, StudioError } from '@limner/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Desk } from '../../studio/desk.ts';
import { beginRefusal } from '../errors.ts';
import { type MethodsAt, missingRoute } from '../missing.ts';
import { readMultipart } from '../multipart.ts';

export interface DialectRoute extends Route {
  /** Fields of a multipart body besides its files, if the route takes one. */
  form?: z.ZodType;
  /** Of an answer that is no JSON. */
  mediaType?: string;
  /** Largest JSON body, for routes that take pictures as base64; 1 MiB for others. */
  bodyLimitBytes?: number;
}

export const dialectRoute = <const R extends DialectRoute>(definition: R): R => definition;

export type DialectDesk = Pick<
  Desk,
  | 'blobs'
  | 'bus'
  | 'captioner'
  | 'config'
  | 'db'
  | 'engines'
  | 'log'
  | 'newTasks'
  | 'outputs'
  | 'pictures'
  | 'requests'
  | 'stopping'
  | 'styles'
  | 'tasks'
  | 'uploads'
>;

export interface Dialect {
  /** Tag of its routes in the OpenAPI document. */
  name: string;
  routes: Record<string, DialectRoute>;
  /** Where its addresses begin. Below them, an unknown address or method is refused in its form as well. */
  roots: readonly string[];
  /** The form of every refusal. */
  refused: z.ZodType;
  /** The body of a refusal; status and `retry-after` are set already. */
  refusal(error: StudioError, request: FastifyRequest, reply: FastifyReply): unknown;
  /** Binds its routes. */
  add(app: FastifyInstance, desk: DialectDesk): void;
}

/** Multipart bodies of dialects: a few pictures and short fields. */
const FORM = { files: 20, fields: 60, fieldBytes: 64 * 1024 };

export async function addDialect(
  app: FastifyInstance,
  dialect: Dialect,
  desk: DialectDesk,
  methodsAt: MethodsAt,
): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler((thrown, request, reply) => {
      const body = dialect.refusal(beginRefusal(thrown, request, reply), request, reply);
      reply.type('application/json; charset=utf-8').send(body);
    });
    await readMultipart(scope, { ...FORM, fileSizeBytes: desk.uploads.maxFileSizeBytes });
    dialect.add(scope, desk);
    for (const prefix of dialect.roots) await scope.register(refuseMissing(methodsAt), { prefix });
  });
}

const refuseMissing = (methodsAt: MethodsAt) => async (scope: FastifyInstance) => {
  scope.setNotFoundHandler({ preHandler: scope.rateLimit() }, async (request, reply) => {
    throw missingRoute(request, reply, methodsAt);
  });
};
