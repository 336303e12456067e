/**
 * The API of A1111 (stable-diffusion-webui), which SillyTavern, Open WebUI, KoboldAI Lite, sdwebuiapi and plugins of
 * painting programs speak. A request is answered when its task has ended.
 */
import type { FastifyInstance } from 'fastify';
import type { Dialect, DialectDesk } from '../dialect.ts';
import { extrasRoutes } from './extras-routes.ts';
import { generationRoutes } from './generation-routes.ts';
import { listRoutes } from './list-routes.ts';
import { SelectedModels } from './options.ts';
import { OwnTasks } from './own-tasks.ts';
import { pictureRoutes } from './picture-routes.ts';
import { A1111Refusal, a1111Refusal } from './refusal.ts';
import { routes } from './routes.ts';
import { stateRoutes } from './state-routes.ts';

export const a1111: Dialect = {
  name: 'a1111',
  routes,
  roots: ['/sdapi', '/controlnet', '/rembg', '/internal'],
  refused: A1111Refusal,
  refusal: a1111Refusal,
  add(app: FastifyInstance, desk: DialectDesk): void {
    const own = new OwnTasks(desk);
    const selected = new SelectedModels(desk);
    generationRoutes(app, desk, own, selected);
    extrasRoutes(app, desk, own);
    pictureRoutes(app, desk, own);
    stateRoutes(app, desk, own, selected);
    listRoutes(app, desk);
  },
};
