import { byteRoutes, recipeInText, routes, StudioError } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind, bindBytes } from './bind.ts';

const PREVIEW_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp']);

export function taskRoutes(app: FastifyInstance, { tasks, queue }: Pick<Desk, 'tasks' | 'queue'>): void {
  bind(app, routes.generate, ({ body }) => tasks.generate(body));
  bind(app, routes.createTask, ({ body }) => tasks.paint(body));
  bind(app, routes.readRecipe, async ({ body }) => recipeInText(body.text));
  bind(app, routes.edit, ({ body }) => tasks.edit(body));
  bind(app, routes.controlPreview, ({ body }) => tasks.controlPreview(body));
  bind(app, routes.removeBg, ({ body }) => tasks.removeBg(body));
  bind(app, routes.getRemoveBg, ({ params }) => tasks.getRemoveBg(params.id));
  bind(app, routes.upscale, ({ body }) => tasks.upscale(body));
  bind(app, routes.getTask, ({ params }) => tasks.get(params.id));
  bind(app, routes.cancelTask, ({ params }) => tasks.cancel(params.id));
  bind(app, routes.cancelFrame, ({ params }) => tasks.cancelFrame(params.id, params.index));
  bind(app, routes.retryTask, ({ params }) => tasks.retry(params.id));
  bind(app, routes.retryFrame, ({ params }) => tasks.retryFrame(params.id, params.index));
  bind(app, routes.listTasks, async ({ query, reply }) => {
    const { items, nextBefore, nextAfter } = await tasks.list(query);
    if (nextBefore !== null) reply.header('x-next-before', nextBefore);
    if (nextAfter !== null) reply.header('x-next-after', nextAfter);
    return items;
  });
  bind(app, routes.listQueue, () => queue.list());
  bind(app, routes.deleteTasks, ({ body }) => tasks.deleteMany(body.tasks));
  bind(app, routes.deleteTask, async ({ params }) => {
    await tasks.delete(params.id);
    return null;
  });

  bindBytes(app, byteRoutes.framePreview, async ({ params: { id, index }, reply }) => {
    const preview = await tasks.preview(id, index);
    // The media type comes from a ComfyUI server, so only pictures are passed on.
    if (!preview || !PREVIEW_TYPES.has(preview.mediaType))
      throw new StudioError('frame_not_found', { data: { id, index } });
    return reply.header('cache-control', 'no-store').type(preview.mediaType).send(Buffer.from(preview.bytes));
  });
}
