import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function modelRoutes(app: FastifyInstance, { downloads }: Pick<Desk, 'downloads'>): void {
  bind(app, routes.listModels, () => downloads.models());
  bind(app, routes.listModelDownloads, () => downloads.list());
  bind(app, routes.downloadModel, ({ body }) => downloads.create(body));
  bind(app, routes.forgetModelDownload, async ({ params }) => {
    await downloads.forget(params.id);
    return null;
  });
}
