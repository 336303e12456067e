import type { FastifyInstance } from 'fastify';
import type { Studio } from '../studio.ts';
import { bind } from './bind.ts';

export function workflowRoutes(app: FastifyInstance, { workflows }: Pick<Studio, 'workflows'>): void {
  bind(app, 'listWorkflows', () => workflows.list());
  bind(app, 'addWorkflow', ({ body }) => workflows.add(body));
  bind(app, 'removeWorkflow', async ({ params }) => {
    await workflows.remove(params.id);
    return null;
  });
}
