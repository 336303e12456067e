import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function styleRoutes(app: FastifyInstance, { styles }: Pick<Desk, 'styles'>): void {
  bind(app, routes.listStyles, () => styles.list());
  bind(app, routes.getStyle, ({ params }) => styles.get(params.id));
  bind(app, routes.createStyle, ({ body }) => styles.create(body));
  bind(app, routes.updateStyle, ({ params, body }) => styles.update(params.id, body));
  bind(app, routes.deleteStyle, async ({ params }) => {
    await styles.delete(params.id);
    return null;
  });
}
