import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function storageRoutes(
  app: FastifyInstance,
  { meter, cleanup, repair }: Pick<Desk, 'meter' | 'cleanup' | 'repair'>,
): void {
  bind(app, routes.storage, ({ caller }) => meter.use(caller));
  bind(app, routes.planCleanup, ({ caller, query }) => cleanup.plan(caller, query.older_than_days));
  bind(app, routes.cleanUp, async ({ caller, body }) => {
    const taken = await cleanup.run(caller, body.older_than_days);
    meter.forget();
    return taken;
  });
  bind(app, routes.repair, async ({ caller, body }) => {
    const taken = await repair.run(caller, body);
    meter.forget();
    return taken;
  });
  bind(app, routes.repairState, ({ caller }) => repair.state(caller));
}
