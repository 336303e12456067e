import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function settingsRoutes(app: FastifyInstance, { fileNames }: Pick<Desk, 'fileNames'>): void {
  bind(app, routes.settings, async () => fileNames.settings());
  bind(app, routes.updateSettings, ({ caller, body }) => fileNames.update(caller, body));
}
