/** Routes of the bin: list, restore, remove for good. */
import { byteRoutes, routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { Thumbnails } from '../images/thumbnail.ts';
import type { Desk } from '../studio/desk.ts';
import { bind, bindBytes } from './bind.ts';
import { sendBlob } from './send-blob.ts';

const THUMB_WIDTH = 256;

export function binRoutes(
  app: FastifyInstance,
  { bin, blobs, meter }: Pick<Desk, 'bin' | 'blobs' | 'meter'>,
): void {
  const thumbnails = new Thumbnails(blobs);
  bind(app, routes.listBin, ({ caller, query }) => bin.list(caller, query));
  bind(app, routes.restoreFromBin, async ({ caller, body }) => {
    const result = await bin.restore(caller, body);
    meter.forget();
    return result;
  });
  bind(app, routes.emptyBin, async ({ caller, body }) => {
    const result = await bin.empty(caller, body);
    meter.forget();
    return result;
  });
  bindBytes(app, byteRoutes.binThumbnail, async ({ caller, params, request, reply }) => {
    const key = await thumbnails.of(await bin.picture(caller, params.id), THUMB_WIDTH);
    const found = {
      key,
      tag: `bin-${params.id}`,
      mediaType: 'image/webp',
      cacheControl: 'private, no-cache',
    };
    return sendBlob(blobs, found, request, reply);
  });
}
