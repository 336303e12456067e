/** Stars, deletion and archives of finished pictures. An archive is fetched at an address of its own, so that the browser saves it. */
import { routes } from '@limner/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { OpenArchive } from '../outputs/zips.ts';
import type { Studio } from '../studio.ts';
import { bind } from './bind.ts';
import { parse } from './parse.ts';
import { attachment } from './send-blob.ts';

const Offered = z.object({ id: z.string().max(100) });

export function outputRoutes(
  app: FastifyInstance,
  { stars, zips, removals }: Pick<Studio, 'stars' | 'zips' | 'removals'>,
): void {
  bind(app, 'starOutputs', async ({ body }) => ({ changed: await stars.set(body) }));
  bind(app, 'deleteOutput', async ({ params }) => {
    await removals.remove(params.id);
    return null;
  });
  bind(app, 'zipOutputs', ({ body }) => zips.offer(body));
  app.get('/api/outputs/zip/:id', async (request, reply) =>
    send(await zips.open(parse(Offered, request.params, 'path').id), reply),
  );
  app.get('/api/tasks/:id/zip', async (request, reply) =>
    send(await zips.ofTask(parse(routes.getTask.params, request.params, 'path').id), reply),
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
