/** Converts rows of webhooks and deliveries to the contract's shapes. */
import type { Delivery, Webhook } from '@limner/contract';
import { parsed } from '../db/parsed.ts';
import type { DeliveryRow, WebhookRow } from '../db/schema.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

export const toWebhook = (row: WebhookRow): Webhook => ({
  id: row.id,
  url: row.url,
  events: parsed<Webhook['events']>(row.events) ?? [],
  kinds: row.kinds === null ? null : (parsed<Webhook['kinds']>(row.kinds) ?? []),
  enabled: row.enabled === 1,
  problem: row.problem === null ? null : parsed<NonNullable<Webhook['problem']>>(row.problem),
  created_at: iso(row.created_at),
});

/** Unique over installations, and equal for all tries. */
export const messageId = ({ id, webhook_id, created_at }: DeliveryRow): string =>
  `msg_${created_at.toString(36)}_${webhook_id}_${id}`;

export const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  message_id: messageId(row),
  webhook_id: row.webhook_id,
  event: row.event,
  task_id: row.task_id,
  status: row.status,
  tries: row.tries,
  next_try_at: row.next_try_at === null ? null : iso(row.next_try_at),
  http_status: row.http_status,
  error: row.error === null ? null : parsed<NonNullable<Delivery['error']>>(row.error),
  created_at: iso(row.created_at),
  tried_at: row.tried_at === null ? null : iso(row.tried_at),
});
