import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { readiness } from '../telemetry/readiness.ts';
import { bind } from './bind.ts';

/** For whoever watches over the process: no account, no figures, not counted. */
const PROBE = { config: { allowed: 'anyone' as const, rateLimit: false as const } };

export function healthRoutes(
  app: FastifyInstance,
  studio: Pick<
    Desk,
    'config' | 'redis' | 'tasks' | 'startedAtMs' | 'stopping' | 'draining' | 'db' | 'blobs' | 'status'
  >,
): void {
  app.get('/healthz', PROBE, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });
  app.get('/readyz', PROBE, async (_request, reply) => {
    const ready = await readiness(studio.db, studio.blobs, studio.draining);
    reply.header('cache-control', 'no-store').status(ready.status === 'ready' ? 200 : 503);
    return ready;
  });
  bind(app, routes.status, ({ caller }) => studio.status.read(caller));
  bind(app, routes.health, async ({ reply }) => {
    reply.header('cache-control', 'no-store');
    return {
      status: studio.stopping.aborted ? ('stopping' as const) : ('ok' as const),
      version: studio.config.version,
      uptime_seconds: Math.round((Date.now() - studio.startedAtMs) / 1000),
      tasks: await studio.tasks.counts(),
      ...(studio.redis ? { redis: studio.redis.state } : {}),
    };
  });
}
