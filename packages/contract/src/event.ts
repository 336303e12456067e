/**
 * The socket at `/ws`. The server sends one `TaskEvent` per message; the client sends `ClientMessage`s.
 *
 * A client subscribes to all tasks or to some; one that says nothing for a second gets every event from then on. With `since` (the greatest version it has seen) the server first sends a
 * full event for every task that changed after it, so a client that lost its connection misses nothing. Versions grow
 * with every change, also after a restart or when a clock is set back. An event whose version is not greater than the
 * one held is old and dropped.
 */
import { z } from 'zod';
import { ErrorBody } from './error.ts';
import { TaskKind } from './recipe.ts';
import { Frame, TaskStatus } from './task.ts';

export const TaskEvent = z.object({
  kind: TaskKind,
  id: z.number().int(),
  status: TaskStatus,
  progress: z.number(),
  /** How many frames have ended. */
  current_frame: z.number().int(),
  total_frames: z.number().int(),
  frame_progress: z.number().nullable(),
  /** As of the task. */
  waits_behind: z.number().int().min(0).nullable().optional(),
  painting_frames: z.number().int().min(0).optional(),
  output_paths: z.array(z.string()),
  finished_frames: z.number().int(),
  stars: z.number().int(),
  error: ErrorBody.nullable(),
  /** As of the task. */
  expires_at: z.iso.datetime().nullable(),
  timestamp: z.iso.datetime(),
  version: z.number().int(),
  /**
   * The frames this event changes; all of them in an event sent on subscription. If there are `total_frames` of them,
   * the list is complete: a client drops frames that are not in it.
   */
  frames: z.array(Frame),
  /** Of a training: the newest point of its loss, `[step, loss]`. Those between are in `GET /api/training/{id}`. */
  loss: z.tuple([z.number().int(), z.number()]).optional(),
  /** The task is gone, with its files. */
  deleted: z.boolean().optional(),
});
export type TaskEvent = z.infer<typeof TaskEvent>;

export const ClientMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    tasks: z.union([z.literal('all'), z.array(z.number().int().positive()).max(500)]),
    since: z.number().int().min(0).optional(),
    /** Also receive a message when one of `CHANGED_LISTS` changed. */
    lists: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('unsubscribe'),
    tasks: z.union([z.literal('all'), z.array(z.number().int().positive()).max(500)]),
  }),
  z.strictObject({ type: z.literal('ping') }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** Small lists other than tasks that can change while a page shows them; the page fetches them again. */
export const CHANGED_LISTS = [
  'styles',
  'presets',
  'lanes',
  'settings',
  'webhooks',
  'wildcards',
  'models',
  'datasets',
] as const;
export type ChangedList = (typeof CHANGED_LISTS)[number];

/** What the server sends beside task events. */
export const ServerNotice = z.discriminatedUnion('type', [
  /** Every change up to the subscription has been sent. */
  z.object({ type: z.literal('subscribed'), version: z.number().int() }),
  z.object({ type: z.literal('pong') }),
  /** Something in this list was added, removed or changed. Sent only if subscribed with `lists`. */
  z.object({ type: z.literal('changed'), list: z.enum(CHANGED_LISTS) }),
  z.object({ type: z.literal('error'), error: ErrorBody }),
]);
export type ServerNotice = z.infer<typeof ServerNotice>;
