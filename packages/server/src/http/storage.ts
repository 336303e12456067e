import type { FastifyInstance } from 'fastify';
import type { Studio } from '../studio.ts';
import { bind } from './bind.ts';

export function storageRoutes(
  app: FastifyInstance,
  { meter, cleanup }: Pick<Studio, 'meter' | 'cleanup'>,
): void {
  bind(app, 'storage', () => meter.use());
  bind(app, 'planCleanup', ({ query }) => cleanup.plan(query.older_than_days));
  bind(app, 'cleanUp', async ({ body }) => {
    const taken = await cleanup.run(body.older_than_days);
    meter.forget();
    return taken;
  });
}
