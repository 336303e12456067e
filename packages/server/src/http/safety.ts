/** Headers and limits that hold for every route. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from '@fastify/cors';
import rateLimit, { type FastifyRateLimitStore, type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import { byteRoutes, routes, StudioError } from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import type { Config } from '../config.ts';
import type { Redis } from '../redis/redis.ts';
import { type RequestCount, RequestCounts } from '../redis/request-counts.ts';
import { createGuard } from './guard.ts';

const WINDOW_MS = 60_000;

type SafetyConfig = Pick<
  Config,
  'host' | 'publicBind' | 'allowedHosts' | 'corsOrigins' | 'rateLimitPerMinute'
>;

/**
 * @param redis where the requests of all processes are counted; null: each process counts its own
 * @param filesOrigin where browsers load files themselves; null: from Limner alone
 * @param isOwn whether Limner itself makes a request, for one that was counted already
 */
export async function addSafety(
  app: FastifyInstance,
  config: SafetyConfig,
  { redis, filesOrigin }: { redis: Redis | null; filesOrigin: string | null },
  isOwn: (request: FastifyRequest) => boolean,
): Promise<void> {
  const guard = createGuard(config);
  app.addHook('onRequest', async (request) => guard(request));
  const setHeaders = helmet(headers(filesOrigin));
  app.addHook('onRequest', async ({ raw: request }, { raw: response }) =>
    whenAnswered(response, () => {
      setHeaders(request, response, () => undefined);
      if (isFromAllowedPage(request, config.corsOrigins))
        response.setHeader('cross-origin-resource-policy', 'cross-origin');
    }),
  );
  await app.register(cors, {
    origin: config.corsOrigins.includes('*') ? true : config.corsOrigins,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: 600,
    // Its refusal of other OPTIONS requests would be plain text.
    strictPreflight: false,
  });
  await app.register(rateLimit, {
    max: config.rateLimitPerMinute,
    timeWindow: WINDOW_MS,
    ...(redis ? { store: storeOf(new RequestCounts(redis)) } : {}),
    allowList: (request) => isOwn(request) || isUncounted(request),
    // A closed connection has no address.
    keyGenerator: ({ ip }) => ip ?? 'gone',
    errorResponseBuilder: (_request, { ttl }) =>
      new StudioError('rate_limited', { data: { seconds: Math.max(1, Math.ceil(ttl / 1000)) } }),
  });
}

/** As the plugin wants it: a class, which it constructs, and once more for a route with a limit of its own. */
function storeOf(counts: RequestCounts): FastifyRateLimitStoreCtor {
  return class Store implements FastifyRateLimitStore {
    incr(client: string, answer: (error: Error | null, count?: RequestCount) => void): void {
      counts.count(client, WINDOW_MS).then(
        (count) => answer(null, count),
        (error) => answer(error),
      );
    }

    child(): Store {
      return this;
    }
  };
}

/** Headers that pages of other sites may read; the last are of the images API of OpenAI. */
const EXPOSED = [
  'mcp-session-id',
  'x-next-before',
  'x-next-after',
  'content-disposition',
  'retry-after',
  'x-request-id',
  'x-should-retry',
];

/** Not limited: a gallery requests hundreds of cheap pictures, and health checks must always be answered. */
const UNCOUNTED = new Set<string | undefined>([
  byteRoutes.output.path,
  byteRoutes.uploaded.path,
  byteRoutes.framePreview.path,
  routes.health.path,
]);

const isUncounted = ({ method, routeOptions }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && UNCOUNTED.has(routeOptions.url);

/** Another site's page may embed our pictures only when its origin is allowed to call us. */
function isFromAllowedPage({ headers }: IncomingMessage, origins: string[]): boolean {
  const { origin, referer = '' } = headers;
  const page = origin ?? (URL.canParse(referer) ? new URL(referer).origin : '');
  return origins.includes('*') || origins.includes(page);
}

/** Before the head of any answer, also one that is written without the framework. A request that waits holds no headers. */
function whenAnswered(response: ServerResponse, set: () => void): void {
  const { writeHead } = response;
  response.writeHead = ((...head: Parameters<typeof writeHead>) => {
    response.writeHead = writeHead;
    set();
    return writeHead.apply(response, head);
  }) as typeof writeHead;
}

function headers(filesOrigin: string | null) {
  const files = filesOrigin === null ? [] : [filesOrigin];
  const sockets = (request: IncomingMessage) => `ws://${request.headers.host} wss://${request.headers.host}`;
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Component libraries and Swagger UI write styles into the page; scripts never are.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'blob:', 'data:', ...files],
        ...(filesOrigin === null ? {} : { mediaSrc: ["'self'", 'blob:', ...files] }),
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", 'blob:', sockets],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' as const },
    referrerPolicy: { policy: 'same-origin' as const },
    crossOriginResourcePolicy: { policy: 'same-origin' as const },
    // HSTS is the task of a proxy that provides TLS.
    strictTransportSecurity: false,
  };
}
