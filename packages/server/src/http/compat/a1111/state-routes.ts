/** Progress, interrupt and options: each of the caller's own. */
import type { Caller, Task } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { bind } from '../../bind.ts';
import type { DialectDesk } from '../dialect.ts';
import type { SelectedModels } from './options.ts';
import type { Client, OwnTasks } from './own-tasks.ts';
import { IDLE, internalProgressOf, paintedFrame, progressOf } from './progress.ts';
import { routes } from './routes.ts';
import { interrupt, skip, stopAfterThis } from './stop.ts';

export function stateRoutes(
  app: FastifyInstance,
  desk: Pick<DialectDesk, 'tasks' | 'engines'>,
  own: OwnTasks,
  selected: SelectedModels,
): void {
  const { tasks, engines } = desk;
  const toCurrent = (stop: typeof interrupt) => async (client: Client) => {
    const task = await own.current(client);
    if (task) await stop(tasks, client.caller, task);
    return {};
  };
  bind(app, routes.interrupt, toCurrent(interrupt));
  bind(app, routes.skip, toCurrent(skip));
  bind(app, routes.stopGenerating, toCurrent(stopAfterThis));
  bind(app, routes.progress, async ({ caller, request, query }) => {
    const task = await own.current({ caller, request });
    if (!task) return { ...IDLE };
    const withoutImage = /^(true|1|yes|on)$/i.test(query.skip_current_image ?? '');
    const shown = withoutImage ? null : await preview(tasks, caller, task);
    return { ...progressOf(task, shown && Buffer.from(shown.bytes).toString('base64'), Date.now()) };
  });
  bind(app, routes.internalProgress, async ({ caller, request, body }) => {
    const task = await own.current({ caller, request });
    const isShown = task !== null && body?.live_preview !== false;
    return internalProgressOf(task, isShown ? await preview(tasks, caller, task) : null, Date.now());
  });
  bind(app, routes.pendingTasks, async (client) => {
    const ids = own.ids(client).map(String);
    return { size: ids.length, tasks: ids };
  });
  bind(app, routes.options, ({ caller }) => selected.options(caller));
  bind(app, routes.setOptions, async ({ caller, body }) => {
    if (body?.sd_model_checkpoint !== undefined) await selected.select(caller, body.sd_model_checkpoint);
    return null;
  });
  for (const route of [routes.refreshModels, routes.refreshLoras, routes.refreshVae])
    bind(app, route, async () => {
      await engines.refresh();
      return null;
    });
  for (const route of [routes.reloadModel, routes.unloadModel]) bind(app, route, async () => null);
}

async function preview(tasks: DialectDesk['tasks'], caller: Caller, task: Task) {
  const frame = paintedFrame(task);
  return frame ? tasks.preview(caller, task.id, frame.index) : null;
}
