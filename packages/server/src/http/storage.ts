import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function storageRoutes(
  app: FastifyInstance,
  { meter, cleanup }: Pick<Desk, 'meter' | 'cleanup'>,
): void {
  bind(app, routes.storage, () => meter.use());
  bind(app, routes.planCleanup, ({ query }) => cleanup.plan(query.older_than_days));
  bind(app, routes.cleanUp, async ({ body }) => {
    const taken = await cleanup.run(body.older_than_days);
    meter.forget();
    return taken;
  });
}
