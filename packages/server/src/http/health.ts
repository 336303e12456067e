import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function healthRoutes(
  app: FastifyInstance,
  studio: Pick<Desk, 'config' | 'redis' | 'tasks' | 'startedAtMs' | 'stopping'>,
): void {
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
