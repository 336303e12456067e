/** Progress, interrupt and options: each of the caller's own. */
import type { Caller, Task } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { bind } from '../../bind.ts';
import type { DialectDesk } from '../dialect.ts';
import type { SelectedModels } from './options.ts';
import type { Client, OwnTasks } from './own-tasks.ts';
import { IDLE, paintedFrame, progressOf } from './progress.ts';
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
    return { ...progressOf(task, withoutImage ? null : await preview(tasks, caller, task), Date.now()) };
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

async function preview(tasks: DialectDesk['tasks'], caller: Caller, task: Task): Promise<string | null> {
  const frame = paintedFrame(task);
  const shown = frame ? await tasks.preview(caller, task.id, frame.index) : null;
  return shown && Buffer.from(shown.bytes).toString('base64');
}
