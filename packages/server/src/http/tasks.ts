import { byteRoutes, type Caller, routes, StudioError, type Task } from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { cutOutsOf } from '../tasks/cut-outs.ts';
import { recipeOfText } from '../tasks/recipe-of-text.ts';
import {
  type RequestedTask,
  requestedAnimation,
  requestedControlPreview,
  requestedCutOut,
  requestedEdit,
  requestedGeneration,
  requestedRecipe,
  requestedUpscale,
  requestedVideo,
} from '../tasks/requested-task.ts';
import { bind, bindBytes } from './bind.ts';
import { requestKey } from './request-key.ts';

const PREVIEW_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp']);

interface Asked {
  caller: Caller;
  request: FastifyRequest;
  body: unknown;
}

export function taskRoutes(
  app: FastifyInstance,
  {
    db,
    tasks,
    newTasks,
    requests,
    outputs,
    queue,
  }: Pick<Desk, 'db' | 'tasks' | 'newTasks' | 'requests' | 'outputs' | 'queue'>,
): void {
  /** Once for an `Idempotency-Key`. */
  const create = ({ caller, request, body }: Asked, requested: RequestedTask): Promise<Task> =>
    requests.creator(requestKey(caller, request, body)).create(caller, requested);

  bind(app, routes.generate, (call) => create(call, requestedGeneration(call.body)));
  bind(app, routes.createTask, (call) => create(call, requestedRecipe(call.body)));
  bind(app, routes.readRecipe, ({ caller, body }) => recipeOfText(caller, db.read, body.text));
  bind(app, routes.missingForRecipe, ({ caller, body }) => newTasks.missing(caller, body.recipe));
  bind(app, routes.edit, (call) => create(call, requestedEdit(call.body)));
  bind(app, routes.video, (call) => create(call, requestedVideo(call.body)));
  bind(app, routes.controlPreview, (call) => create(call, requestedControlPreview(call.body)));
  bind(app, routes.removeBg, async (call) => {
    const { id } = await create(call, requestedCutOut(call.body));
    return tasks.getRemoveBg(call.caller, id);
  });
  bind(app, routes.cutOutTask, async ({ caller, params }) =>
    cutOutsOf(caller, { db, newTasks, outputs }, await tasks.get(caller, params.id)),
  );
  bind(app, routes.getRemoveBg, ({ caller, params }) => tasks.getRemoveBg(caller, params.id));
  bind(app, routes.upscale, (call) => create(call, requestedUpscale(call.body)));
  bind(app, routes.animate, (call) => create(call, requestedAnimation(call.body)));
  bind(app, routes.getTask, ({ caller, params }) => tasks.get(caller, params.id));
  bind(app, routes.cancelTask, ({ caller, params }) => tasks.cancel(caller, params.id));
  bind(app, routes.cancelFrame, ({ caller, params }) => tasks.cancelFrame(caller, params.id, params.index));
  bind(app, routes.retryTask, ({ caller, params }) => tasks.retry(caller, params.id));
  bind(app, routes.retryFrame, ({ caller, params }) => tasks.retryFrame(caller, params.id, params.index));
  bind(app, routes.listTasks, async ({ caller, query, reply }) => {
    const { items, nextBefore, nextAfter } = await tasks.list(caller, query);
    if (nextBefore !== null) reply.header('x-next-before', nextBefore);
    if (nextAfter !== null) reply.header('x-next-after', nextAfter);
    return items;
  });
  bind(app, routes.listQueue, ({ caller }) => queue.list(caller));
  bind(app, routes.deleteTasks, ({ caller, body }) => tasks.deleteMany(caller, body.tasks));
  bind(app, routes.deleteTask, async ({ caller, params }) => {
    await tasks.delete(caller, params.id);
    return null;
  });

  bindBytes(app, byteRoutes.framePreview, async ({ caller, params: { id, index }, reply }) => {
    const preview = await tasks.preview(caller, id, index);
    reply.header('cache-control', 'no-store');
    // Its frame may end between the news of the preview and this request, which is no error.
    if (!preview) return reply.code(204).send();
    // The media type comes from a ComfyUI server, so only pictures are passed on.
    if (!PREVIEW_TYPES.has(preview.mediaType))
      throw new StudioError('frame_not_found', { data: { id, index } });
    return reply.type(preview.mediaType).send(Buffer.from(preview.bytes));
  });
}
