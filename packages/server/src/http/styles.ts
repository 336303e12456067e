import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function styleRoutes(
  app: FastifyInstance,
  { styles, sentStyles }: Pick<Desk, 'styles' | 'sentStyles'>,
): void {
  bind(app, routes.listStyles, ({ caller }) => styles.list(caller));
  bind(app, routes.getStyle, ({ caller, params }) => styles.get(caller, params.id));
  bind(app, routes.styleServers, ({ caller, params }) => sentStyles.places(caller, params.id));
  bind(app, routes.sendStyle, ({ caller, params }) => sentStyles.send(caller, params.id));
  bind(app, routes.createStyle, ({ caller, body }) => styles.create(caller, body));
  bind(app, routes.updateStyle, ({ caller, params, body }) => styles.update(caller, params.id, body));
  bind(app, routes.deleteStyle, async ({ caller, params }) => {
    await styles.delete(caller, params.id);
    return null;
  });
}
