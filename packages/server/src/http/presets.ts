import type { FastifyInstance } from 'fastify';
import type { Studio } from '../studio.ts';
import { bind } from './bind.ts';

export function presetRoutes(app: FastifyInstance, { presets }: Pick<Studio, 'presets'>): void {
  bind(app, 'listPresets', () => presets.list());
  bind(app, 'createPreset', ({ body }) => presets.create(body));
  bind(app, 'updatePreset', ({ params, body }) => presets.update(params.id, body));
  bind(app, 'deletePreset', async ({ params }) => {
    await presets.delete(params.id);
    return null;
  });
}
