import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function modelRoutes(
  app: FastifyInstance,
  { downloads, packs }: Pick<Desk, 'downloads' | 'packs'>,
): void {
  bind(app, routes.listModels, () => downloads.models());
  bind(app, routes.listModelDownloads, () => downloads.list());
  bind(app, routes.downloadModel, ({ body }) => downloads.create(body));
  bind(app, routes.listPacks, () => packs.list());
  bind(app, routes.installPack, async ({ body }) => {
    await packs.install(body.server, body.pack);
    return null;
  });
  bind(app, routes.forgetModelDownload, async ({ params }) => {
    await downloads.forget(params.id);
    return null;
  });
}
