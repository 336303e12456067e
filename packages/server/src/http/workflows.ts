import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function workflowRoutes(app: FastifyInstance, { workflows }: Pick<Desk, 'workflows'>): void {
  bind(app, routes.listWorkflows, () => workflows.list());
  bind(app, routes.addWorkflow, ({ body }) => workflows.add(body));
  bind(app, routes.removeWorkflow, async ({ params }) => {
    await workflows.remove(params.id);
    return null;
  });
}
