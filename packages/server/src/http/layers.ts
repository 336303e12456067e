import { byteRoutes, routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { attachment } from '../storage/attachment.ts';
import type { Desk } from '../studio/desk.ts';
import { bind, bindBytes } from './bind.ts';
import { requestedLanguage } from './language.ts';

export function layerRoutes(app: FastifyInstance, { layers }: Pick<Desk, 'layers'>): void {
  bindBytes(app, byteRoutes.layers, async ({ caller, params: { id, format }, query, request, reply }) => {
    const asked = { caller, id, arrangement: query.arrangement, language: requestedLanguage(request) };
    const { name, mediaType, sizeBytes, stream } = await layers.open(asked, format);
    return reply
      .headers({
        'content-disposition': attachment(name),
        'content-length': sizeBytes,
        'cache-control': 'no-store',
      })
      .type(mediaType)
      .send(stream);
  });
  bind(app, routes.arrangeLayers, ({ caller, params: { id }, body, language }) =>
    layers.keep({ caller, id, arrangement: body.layers, language }),
  );
}
