import type { FastifyInstance } from 'fastify';
import type { Studio } from '../studio.ts';
import { bind } from './bind.ts';

export function engineRoutes(
  app: FastifyInstance,
  { engines, servers }: Pick<Studio, 'engines' | 'servers'>,
): void {
  bind(app, 'listFamilies', () => engines.offers());
  bind(app, 'listEngines', async () =>
    (await engines.health()).map((health) => ({ ...health, named_in: servers.namedIn(health.id) })),
  );
  bind(app, 'addEngine', ({ body }) => servers.add(body));
  bind(app, 'updateEngine', ({ params, body }) => servers.update(params.id, body));
  bind(app, 'refreshEngine', ({ params }) => servers.refresh(params.id));
  bind(app, 'removeEngine', async ({ params }) => {
    await servers.remove(params.id);
    return null;
  });
}
