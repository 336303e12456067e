/**
 * Webhooks: addresses that Limner calls when a task ends. Each call is a delivery, kept with its outcome. Headers and
 * signature follow the Standard Webhooks specification.
 */
import { z } from 'zod';
import { fromDigits } from './digits.ts';
import { ErrorBody } from './error.ts';
import { TASK_KINDS, TaskKind } from './recipe.ts';
import { FINAL_STATUSES, TaskId } from './task.ts';

/** Final statuses of a task. */
export const WebhookEvent = z.enum(FINAL_STATUSES);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

const url = z.url({ protocol: /^https?$/ }).max(2000);
const events = z.array(WebhookEvent).min(1).max(FINAL_STATUSES.length);
/** Kinds of tasks; null: all. */
const kinds = z.array(TaskKind).min(1).max(TASK_KINDS.length).nullable();

export const Webhook = z.object({
  id: z.number().int().positive(),
  url: z.string(),
  events: z.array(WebhookEvent),
  kinds: z.array(TaskKind).nullable(),
  enabled: z.boolean(),
  /** Why Limner has switched it off; null if it has not. */
  problem: ErrorBody.nullable(),
  created_at: z.iso.datetime(),
});
export type Webhook = z.infer<typeof Webhook>;

export const WebhookCreate = z.strictObject({
  url,
  events: events.default([...FINAL_STATUSES]),
  kinds: kinds.default(null),
});
export type WebhookCreate = z.infer<typeof WebhookCreate>;

export const WebhookUpdate = z.strictObject({ url, events, kinds, enabled: z.boolean() }).partial();
export type WebhookUpdate = z.infer<typeof WebhookUpdate>;

/** `whsec_` and base64. It is shown once; a new one replaces it. */
export const WebhookSecret = z.object({ secret: z.string() });
export const NewWebhook = Webhook.extend(WebhookSecret.shape);
export type NewWebhook = z.infer<typeof NewWebhook>;

/** `waiting`: it is sent, or sent again, at `next_try_at`. */
export const DeliveryStatus = z.enum(['waiting', 'delivered', 'failed']);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

export const Delivery = z.object({
  id: z.number().int().positive(),
  /** The header `webhook-id`: equal for all tries. */
  message_id: z.string(),
  webhook_id: z.number().int().positive(),
  /** `test`: sent on request. */
  event: z.union([WebhookEvent, z.literal('test')]),
  task_id: TaskId.nullable(),
  status: DeliveryStatus,
  tries: z.number().int().min(0),
  next_try_at: z.iso.datetime().nullable(),
  /** HTTP status of the last answer; null if there was none. */
  http_status: z.number().int().nullable(),
  /** Why the last try failed. */
  error: ErrorBody.nullable(),
  created_at: z.iso.datetime(),
  tried_at: z.iso.datetime().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

export const DeliveryQuery = z.object({
  limit: fromDigits(z.number().int().min(1).max(200)).default(50),
  /** Only deliveries older than this id. */
  before: fromDigits(z.number().int().positive()).optional(),
});
export type DeliveryQuery = z.infer<typeof DeliveryQuery>;
