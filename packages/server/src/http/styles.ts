import type { FastifyInstance } from 'fastify';
import type { Studio } from '../studio.ts';
import { bind } from './bind.ts';

export function styleRoutes(app: FastifyInstance, { styles }: Pick<Studio, 'styles'>): void {
  bind(app, 'listStyles', () => styles.list());
  bind(app, 'getStyle', ({ params }) => styles.get(params.id));
  bind(app, 'createStyle', ({ body }) => styles.create(body));
  bind(app, 'updateStyle', ({ params, body }) => styles.update(params.id, body));
  bind(app, 'deleteStyle', async ({ params }) => {
    await styles.delete(params.id);
    return null;
  });
}
