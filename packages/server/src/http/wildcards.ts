import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function wildcardRoutes(app: FastifyInstance, { wildcards }: Pick<Desk, 'wildcards'>): void {
  bind(app, routes.listWildcards, ({ caller }) => wildcards.list(caller));
  bind(app, routes.getWildcard, ({ caller, query }) => wildcards.get(caller, query.name));
  bind(app, routes.putWildcard, ({ caller, body }) => wildcards.put(caller, body));
  bind(app, routes.renameWildcard, ({ caller, body }) => wildcards.rename(caller, body));
  bind(app, routes.deleteWildcard, async ({ caller, query }) => {
    await wildcards.delete(caller, query.name);
    return null;
  });
}
