/** Stars, deletion and archives of finished pictures. An archive has its own address, so that the browser downloads it. */
import { byteRoutes, routes } from '@limner/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { OpenArchive } from '../outputs/zips.ts';
import { attachment } from '../storage/attachment.ts';
import type { Desk } from '../studio/desk.ts';
import { bind, bindBytes } from './bind.ts';

export function outputRoutes(
  app: FastifyInstance,
  { stars, zips, removals }: Pick<Desk, 'stars' | 'zips' | 'removals'>,
): void {
  bind(app, routes.starOutputs, async ({ caller, body }) => ({ changed: await stars.set(caller, body) }));
  bind(app, routes.deleteOutput, async ({ caller, params }) => {
    await removals.remove(caller, params.id);
    return null;
  });
  bind(app, routes.zipOutputs, ({ caller, body }) => zips.offer(caller, body));
  bindBytes(app, byteRoutes.offeredZip, async ({ caller, params, reply }) =>
    send(await zips.open(caller, params.id), reply),
  );
  bindBytes(app, byteRoutes.taskZip, async ({ caller, params, reply }) =>
    send(await zips.ofTask(caller, params.id), reply),
  );
}

function send({ name, sizeBytes, stream }: OpenArchive, reply: FastifyReply): FastifyReply {
  return reply
    .headers({
      'content-disposition': attachment(name),
      'content-length': sizeBytes,
      'cache-control': 'no-store',
    })
    .type('application/zip')
    .send(stream);
}
