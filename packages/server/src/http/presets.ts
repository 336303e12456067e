import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function presetRoutes(app: FastifyInstance, { presets }: Pick<Desk, 'presets'>): void {
  bind(app, routes.listPresets, ({ caller }) => presets.list(caller));
  bind(app, routes.createPreset, ({ caller, body }) => presets.create(caller, body));
  bind(app, routes.updatePreset, ({ caller, params, body }) => presets.update(caller, params.id, body));
  bind(app, routes.deletePreset, async ({ caller, params }) => {
    await presets.delete(caller, params.id);
    return null;
  });
}
