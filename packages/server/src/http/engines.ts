import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function engineRoutes(
  app: FastifyInstance,
  { engines, servers }: Pick<Desk, 'engines' | 'servers'>,
): void {
  bind(app, routes.listFamilies, () => engines.offers());
  bind(app, routes.listEngines, async () =>
    (await engines.health()).map((health) => ({ ...health, named_in: servers.namedIn(health.id) })),
  );
  bind(app, routes.addEngine, ({ body }) => servers.add(body));
  bind(app, routes.updateEngine, ({ params, body }) => servers.update(params.id, body));
  bind(app, routes.refreshEngine, ({ params }) => servers.refresh(params.id));
  bind(app, routes.removeEngine, async ({ params }) => {
    await servers.remove(params.id);
    return null;
  });
}
