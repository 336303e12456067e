/**
 * Sends the deliveries that are due. Deliveries are rows that were written with the end of their task, so a crash loses
 * none; one that was sent and not yet written as delivered is sent again with the same message id. Runs in one process. What is
 * due is decided by the clock of the database, because another process may have written it.
 */
import { isFinal, type TaskListItem } from '@limner/contract';
import type { Agent } from 'undici';
import { SYSTEM } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import { databaseTimeIn } from '../db/clock.ts';
import type { Database } from '../db/database.ts';
import type { DeliveryRow, WebhookRow } from '../db/schema.ts';
import type { Logger } from '../log.ts';
import { guardedAgent } from '../net/guarded-agent.ts';
import { type Outcome, sendDelivery } from './send-delivery.ts';
import { messageId } from './to-delivery.ts';
import * as store from './webhooks-store.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
/** Pauses after each failed try; after the last the delivery has failed. About a day together. */
const PAUSES_MS = [5, 30, 120, 600, 1800, 7200, 21_600, 54_000].map((seconds) => seconds * SECOND_MS);
/** A message of the bus may be lost, and another process may have ended a task. */
const POLL_MS = 15 * SECOND_MS;
/** Of each webhook. */
const AT_ONCE = 8;
const KEPT_MS = 30 * 24 * HOUR_MS;

export interface DelivererOptions {
  db: Database;
  bus: Pick<Bus, 'subscribe' | 'publish'>;
  log: Pick<Logger, 'error' | 'info'>;
  /** Which addresses may be called. */
  isAllowed: (address: string) => boolean;
  /** Null: it was deleted. */
  taskOf: (id: number) => Promise<TaskListItem | null>;
  /** As answers are written: addresses begin with the base path. */
  writeJson: (message: object) => string;
  pausesMs?: readonly number[];
}

export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #agent: Agent;
  readonly #unsubscribe: () => void;
  /** Null while no webhook is enabled: events of tasks are costly, and are not made where nobody listens. */
  #deafen: (() => void) | null = null;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  /** By webhook: its tries under way. */
  readonly #sending = new Map<number, Promise<void>>();
  #isWanted = false;
  #isClosed = false;

  constructor(options: DelivererOptions) {
    this.#options = options;
    this.#agent = guardedAgent(options.isAllowed);
    this.#unsubscribe = options.bus.subscribe('deliveries', () => this.wake());
  }

  /** Sends what is due, now or after the running round. */
  wake(): void {
    this.#isWanted = true;
    if (this.#running || this.#isClosed) return;
    this.#running = this.#rounds().finally(() => {
      this.#running = null;
      if (this.#isWanted) this.wake();
    });
  }

  async #rounds(): Promise<void> {
    clearTimeout(this.#timer);
    let pauseMs = POLL_MS;
    try {
      while (this.#isWanted && !this.#isClosed) {
        this.#isWanted = false;
        const enabled = await this.#enabled();
        this.#listen(enabled.length > 0);
        for (const webhook of enabled) await this.#beginDue(webhook);
        pauseMs = await this.#pauseMs(enabled);
      }
    } catch (error) {
      // Tried again after the pause, not at once.
      this.#isWanted = false;
      this.#options.log.error({ err: error }, 'webhooks could not be delivered');
    }
    if (!this.#isClosed) this.#timer = setTimeout(() => this.wake(), pauseMs).unref();
  }

  async #enabled(): Promise<number[]> {
    const webhooks = await store.listWebhooks(SYSTEM, this.#options.db.read);
    return webhooks.filter(({ enabled }) => enabled === 1).map(({ id }) => id);
  }

  /** Until the next of those that are not sending is due. */
  async #pauseMs(webhooks: readonly number[]): Promise<number> {
    let pauseMs = POLL_MS;
    for (const webhook of webhooks) {
      if (this.#sending.has(webhook)) continue;
      const next = await store.nextDueInMs(SYSTEM, this.#options.db.read, webhook, Date.now());
      if (next !== null) pauseMs = Math.min(pauseMs, Math.max(0, next));
    }
    return pauseMs;
  }

  #listen(isNeeded: boolean): void {
    const { bus } = this.#options;
    if (isNeeded === (this.#deafen !== null)) return;
    this.#deafen?.();
    this.#deafen = isNeeded
      ? bus.subscribe('event', ({ event }) => void (isFinal(event.status) && this.wake()))
      : null;
  }

  /** Begins what is due, unless the webhook is still sending: it would send the same again. */
  async #beginDue(webhook: number): Promise<void> {
    if (this.#sending.has(webhook)) return;
    const at = { now: Date.now(), limit: AT_ONCE };
    const due = await store.dueDeliveries(SYSTEM, this.#options.db.read, webhook, at);
    if (due.length > 0) this.#sending.set(webhook, this.#send(webhook, due));
  }

  /** Each webhook sends on its own, so that one that does not answer holds up no other. */
  async #send(webhook: number, deliveries: number[]): Promise<void> {
    const tries = await Promise.allSettled(deliveries.map((id) => this.#try(id, webhook)));
    const failed = tries.find((one) => one.status === 'rejected');
    const end = () => {
      this.#sending.delete(webhook);
      this.wake();
    };
    if (!failed) return end();
    // Tried again after the pause, not at once.
    this.#options.log.error({ err: failed.reason }, 'webhooks could not be delivered');
    setTimeout(end, POLL_MS).unref();
  }

  async #try(id: number, webhookId: number): Promise<void> {
    const { read } = this.#options.db;
    const delivery = await store.findDelivery(SYSTEM, read, id);
    const webhook = await store.findWebhook(SYSTEM, read, webhookId);
    if (!delivery || !webhook) return;
    const message = {
      id: messageId(delivery),
      seconds: Math.floor(Date.now() / SECOND_MS),
      body: this.#options.writeJson(await this.#payload(delivery)),
    };
    await this.#keep(delivery, webhook, await sendDelivery(webhook, message, this.#agent));
  }

  async #payload({ event, task_id, created_at }: DeliveryRow) {
    const timestamp = new Date(created_at).toISOString();
    if (event === 'test' || task_id === null) return { type: 'test', timestamp, data: {} };
    const task = await this.#options.taskOf(task_id);
    return { type: `task.${event}`, timestamp, data: { task: task ?? { id: task_id, deleted: true } } };
  }

  async #keep(delivery: DeliveryRow, webhook: WebhookRow, outcome: Outcome): Promise<void> {
    const { db, bus, log, pausesMs = PAUSES_MS } = this.#options;
    const { result, httpStatus, error } = outcome;
    const tries = delivery.tries + 1;
    const pauseMs = result === 'again' ? pausesMs[tries - 1] : undefined;
    await db.write(async (trx) => {
      // The webhook before its deliveries, as a removal locks them.
      if (result === 'gone')
        await store.updateWebhook(SYSTEM, trx, webhook.id, {
          enabled: 0,
          problem: JSON.stringify(error.body()),
        });
      await store.updateDelivery(trx, delivery.id, {
        tries,
        tried_at: Date.now(),
        http_status: httpStatus,
        error: error && JSON.stringify(error.body()),
        status: result === 'delivered' ? 'delivered' : pauseMs === undefined ? 'failed' : 'waiting',
        next_try_at: pauseMs === undefined ? null : databaseTimeIn(trx, Date.now(), pauseMs),
      });
    });
    if (result === 'gone') bus.publish({ type: 'changed', list: 'webhooks' });
    if (error) log.info({ webhook: webhook.id, delivery: delivery.id, status: httpStatus }, error.message);
  }

  async removeOld(nowMs: number): Promise<void> {
    await this.#options.db.write((trx) => store.deleteOldDeliveries(trx, nowMs - KEPT_MS));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#deafen?.();
    await this.#running;
    await Promise.all(this.#sending.values());
    await this.#agent.destroy();
  }
}
