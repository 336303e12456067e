/** Addresses without a route: 405 if another method exists, otherwise the web app or 404. */
import { StudioError } from '@limner/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface Known {
  pattern: RegExp;
  methods: Set<string>;
}

/** Returns a function that gives the methods of a path. Must be called before routes are added. */
export function watchRoutes(app: FastifyInstance): (path: string) => string[] {
  const known = new Map<string, Known>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const entry = known.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const name of [method].flat()) entry.methods.add(name);
    known.set(url, entry);
  });
  return (path) =>
    [...known.values()].filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]);
}

function patternOf(url: string): RegExp {
  const escaped = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
  return new RegExp(`^${escaped}$`);
}

/** Gives the methods of a path. */
export type MethodsAt = ReturnType<typeof watchRoutes>;

/** What is wrong with a request that has no route; sets the header `allow`. */
export function missingRoute(
  { url, method }: FastifyRequest,
  reply: FastifyReply,
  methodsAt: MethodsAt,
): StudioError {
  const path = url.split('?', 1)[0] as string;
  const methods = methodsAt(path);
  if (methods.length === 0) return new StudioError('route_not_found', { data: { path } });
  reply.header('allow', [...new Set(methods)].join(', '));
  return new StudioError('method_not_allowed', { data: { method, path } });
}

export type WebAnswer = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

export function answerMissing(app: FastifyInstance, methodsAt: MethodsAt, web: WebAnswer): void {
  const countMiss = app.rateLimit();
  app.setNotFoundHandler(async (request, reply) => {
    const missing = missingRoute(request, reply, methodsAt);
    if (missing.code === 'method_not_allowed') throw missing;
    if (await web(request, reply)) return reply;
    // Pages and their assets do not count for the rate limit; unknown addresses do.
    await countMiss.call(app, request, reply);
    throw missing;
  });
}
