import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function storageRoutes(
  app: FastifyInstance,
  { meter, cleanup }: Pick<Desk, 'meter' | 'cleanup'>,
): void {
  bind(app, routes.storage, ({ caller }) => meter.use(caller));
  bind(app, routes.planCleanup, ({ caller, query }) => cleanup.plan(caller, query.older_than_days));
  bind(app, routes.cleanUp, async ({ caller, body }) => {
    const taken = await cleanup.run(caller, body.older_than_days);
    meter.forget();
    return taken;
  });
}
