import { routes, StudioError } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Studio } from '../studio.ts';
import { bind } from './bind.ts';
import { parse } from './parse.ts';

export function taskRoutes(app: FastifyInstance, { tasks, queue }: Pick<Studio, 'tasks' | 'queue'>): void {
  bind(app, 'generate', ({ body }) => tasks.generate(body));
  bind(app, 'edit', ({ body }) => tasks.edit(body));
  bind(app, 'controlPreview', ({ body }) => tasks.controlPreview(body));
  bind(app, 'removeBg', ({ body }) => tasks.removeBg(body));
  bind(app, 'getRemoveBg', ({ params }) => tasks.getRemoveBg(params.id));
  bind(app, 'upscale', ({ body }) => tasks.upscale(body));
  bind(app, 'getTask', ({ params }) => tasks.get(params.id));
  bind(app, 'cancelTask', ({ params }) => tasks.cancel(params.id));
  bind(app, 'cancelFrame', ({ params }) => tasks.cancelFrame(params.id, params.index));
  bind(app, 'retryTask', ({ params }) => tasks.retry(params.id));
  bind(app, 'retryFrame', ({ params }) => tasks.retryFrame(params.id, params.index));
  bind(app, 'listTasks', async ({ query, reply }) => {
    const { items, nextBefore, nextAfter } = await tasks.list(query);
    if (nextBefore !== null) reply.header('x-next-before', nextBefore);
    if (nextAfter !== null) reply.header('x-next-after', nextAfter);
    return items;
  });
  bind(app, 'listQueue', () => queue.list());
  bind(app, 'deleteTasks', ({ body }) => tasks.deleteMany(body.tasks));
  bind(app, 'deleteTask', async ({ params }) => {
    await tasks.delete(params.id);
    return null;
  });

  app.get('/api/tasks/:id/frames/:index/preview', async (request, reply) => {
    const { id, index } = parse(routes.cancelFrame.params, request.params, 'path');
    const preview = tasks.preview(id, index);
    if (!preview) throw new StudioError('frame_not_found', { data: { id, index } });
    return reply.header('cache-control', 'no-store').type(preview.mediaType).send(Buffer.from(preview.bytes));
  });
}
