import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function presetRoutes(app: FastifyInstance, { presets }: Pick<Desk, 'presets'>): void {
  bind(app, routes.listPresets, () => presets.list());
  bind(app, routes.createPreset, ({ body }) => presets.create(body));
  bind(app, routes.updatePreset, ({ params, body }) => presets.update(params.id, body));
  bind(app, routes.deletePreset, async ({ params }) => {
    await presets.delete(params.id);
    return null;
  });
}
