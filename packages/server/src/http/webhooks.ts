import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function webhookRoutes(app: FastifyInstance, { webhooks }: Pick<Desk, 'webhooks'>): void {
  bind(app, routes.listWebhooks, ({ caller }) => webhooks.list(caller));
  bind(app, routes.addWebhook, ({ caller, body }) => webhooks.create(caller, body));
  bind(app, routes.updateWebhook, ({ caller, params, body }) => webhooks.update(caller, params.id, body));
  bind(app, routes.removeWebhook, async ({ caller, params }) => {
    await webhooks.delete(caller, params.id);
    return null;
  });
  bind(app, routes.renewWebhookSecret, ({ caller, params }) => webhooks.renewSecret(caller, params.id));
  bind(app, routes.testWebhook, ({ caller, params }) => webhooks.test(caller, params.id));
  bind(app, routes.listDeliveries, ({ caller, params, query }) =>
    webhooks.deliveries(caller, params.id, query),
  );
  bind(app, routes.resendDelivery, ({ caller, params }) => webhooks.resend(caller, params.id));
}
