import { byteRoutes, routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { attachment } from '../storage/attachment.ts';
import type { Desk } from '../studio/desk.ts';
import { bind, bindBytes } from './bind.ts';
import { requestedLanguage } from './language.ts';

export function gridRoutes(app: FastifyInstance, { grids }: Pick<Desk, 'grids'>): void {
  bind(app, routes.createGrid, ({ caller, body }) => grids.create(caller, body));
  bind(app, routes.listGrids, ({ caller, query }) => grids.list(caller, query));
  bind(app, routes.getGrid, ({ caller, params }) => grids.get(caller, params.id));
  bind(app, routes.deleteGrid, async ({ caller, params }) => {
    await grids.delete(caller, params.id);
    return null;
  });
  bindBytes(app, byteRoutes.gridSheet, async ({ caller, params: { id }, query, request, reply }) => {
    const sheet = await grids.sheet(caller, id, { cell: query.cell, language: requestedLanguage(request) });
    const isSaved = query.download !== undefined && query.download !== '0';
    if (isSaved) reply.header('content-disposition', attachment(`grid-${id}.png`));
    return reply.header('cache-control', 'no-store').type('image/png').send(sheet);
  });
}
