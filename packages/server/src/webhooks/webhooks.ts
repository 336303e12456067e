/** Webhooks and their deliveries, as a caller manages them. `deliverer.ts` sends. */
import {
  type Caller,
  type Delivery,
  type DeliveryQuery,
  type NewWebhook,
  StudioError,
  type Webhook,
  type WebhookCreate,
  type WebhookUpdate,
} from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import { databaseNow } from '../db/clock.ts';
import type { Database, Reader, Writer } from '../db/database.ts';
import { lockName } from '../db/lock.ts';
import type { DeliveryRow, WebhookRow } from '../db/schema.ts';
import { addressesOf } from '../net/addresses-of.ts';
import { newSecret } from './signature.ts';
import { toDelivery, toWebhook } from './to-delivery.ts';
import * as store from './webhooks-store.ts';

export interface WebhooksOptions {
  db: Database;
  bus: Pick<Bus, 'publish'>;
  /** Which addresses may be called. */
  isAllowed: (address: string) => boolean;
}

export class Webhooks {
  readonly #db: Database;
  readonly #bus: WebhooksOptions['bus'];
  readonly #isAllowed: WebhooksOptions['isAllowed'];

  constructor({ db, bus, isAllowed }: WebhooksOptions) {
    this.#db = db;
    this.#bus = bus;
    this.#isAllowed = isAllowed;
  }

  async list(caller: Caller): Promise<Webhook[]> {
    return (await store.listWebhooks(caller, this.#db.read)).map(toWebhook);
  }

  async create(caller: Caller, { url, events, kinds }: WebhookCreate): Promise<NewWebhook> {
    await this.#refusePrivate(url);
    const secret = newSecret();
    const row = {
      url,
      events: JSON.stringify(events),
      kinds: kinds && JSON.stringify(kinds),
      secret,
      created_at: Date.now(),
    };
    const created = await this.#db.write(async (trx) => {
      await refuseTaken(caller, trx, url);
      return store.insertWebhook(caller, trx, row);
    });
    this.#changed();
    return { ...toWebhook(created), secret };
  }

  /** Enabling it again sends what has waited. */
  async update(caller: Caller, id: number, { url, events, kinds, enabled }: WebhookUpdate): Promise<Webhook> {
    if (url !== undefined) await this.#refusePrivate(url);
    return this.#updated(caller, id, {
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events: JSON.stringify(events) }),
      ...(kinds === undefined ? {} : { kinds: kinds && JSON.stringify(kinds) }),
      ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0, problem: null }),
    });
  }

  /** Deliveries that wait are signed with the new secret. */
  async renewSecret(caller: Caller, id: number): Promise<NewWebhook> {
    const secret = newSecret();
    return { ...(await this.#updated(caller, id, { secret })), secret };
  }

  async delete(caller: Caller, id: number): Promise<void> {
    if (!(await this.#db.write((trx) => store.deleteWebhook(caller, trx, id)))) throw notFound(id);
    this.#changed();
  }

  /** Sends a delivery of the event `test`, also if the webhook wants no such event. */
  async test(caller: Caller, id: number): Promise<Delivery> {
    return this.#queued(async (trx) => {
      const webhook = await store.webhookToChange(caller, trx, id);
      if (!webhook) throw notFound(id);
      refuseDisabled(webhook);
      return { webhook_id: id, event: 'test', task_id: null };
    });
  }

  async deliveries(caller: Caller, id: number, query: DeliveryQuery): Promise<Delivery[]> {
    await known(caller, this.#db.read, id);
    return (await store.listDeliveries(caller, this.#db.read, id, query)).map(toDelivery);
  }

  /** As a new delivery, with a message id of its own: receivers drop ids that they have seen. */
  async resend(caller: Caller, id: number): Promise<Delivery> {
    return this.#queued(async (trx) => {
      const row = await store.findDelivery(caller, trx, id);
      const webhook = row && (await store.webhookToChange(caller, trx, row.webhook_id));
      if (!webhook) throw new StudioError('delivery_not_found', { data: { id } });
      refuseDisabled(webhook);
      const { webhook_id, event, task_id } = row;
      return { webhook_id, event, task_id };
    });
  }

  /** `find` runs in the transaction of the insertion, so that its webhook still exists. */
  async #queued(
    find: (trx: Writer) => Promise<Pick<DeliveryRow, 'webhook_id' | 'event' | 'task_id'>>,
  ): Promise<Delivery> {
    const inserted = await this.#db.write(async (trx) => {
      const now = Date.now();
      return store.insertDelivery(trx, {
        ...(await find(trx)),
        status: 'waiting',
        next_try_at: databaseNow(trx, now),
        created_at: now,
      });
    });
    this.#bus.publish({ type: 'deliveries' });
    return toDelivery(inserted);
  }

  async #updated(
    caller: Caller,
    id: number,
    change: Parameters<typeof store.updateWebhook>[3],
  ): Promise<Webhook> {
    if (Object.keys(change).length === 0) return toWebhook(await known(caller, this.#db.read, id));
    const row = await this.#db.write(async (trx) => {
      if (change.url !== undefined) await refuseTaken(caller, trx, change.url, id);
      return store.updateWebhook(caller, trx, id, change);
    });
    if (!row) throw notFound(id);
    this.#changed();
    return toWebhook(row);
  }

  #changed(): void {
    this.#bus.publish({ type: 'changed', list: 'webhooks' });
    this.#bus.publish({ type: 'deliveries' });
  }

  /** A name that cannot be resolved now is accepted. The address is checked again at each call. */
  async #refusePrivate(url: string): Promise<void> {
    const { hostname } = new URL(url);
    const addresses = await addressesOf(hostname.replace(/^\[|\]$/g, ''));
    if (addresses.length > 0 && !addresses.some(this.#isAllowed))
      throw new StudioError('webhook_refused', { data: { host: hostname }, field: 'url' });
  }
}

/**
 * Two webhooks of one address would call it twice for each task. Addresses are compared as they are called: `HTTP://A` is
 * `http://a/`.
 */
async function refuseTaken(caller: Caller, trx: Writer, url: string, besides?: number): Promise<void> {
  await lockName(trx, 'webhooks');
  const called = asCalled(url);
  const taken = (await store.listWebhooks(caller, trx)).find(
    (webhook) => webhook.id !== besides && asCalled(webhook.url) === called,
  );
  if (taken) throw new StudioError('webhook_exists', { data: { id: taken.id }, field: 'url' });
}

const asCalled = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);

function refuseDisabled({ id, enabled }: WebhookRow): void {
  if (enabled === 0) throw new StudioError('webhook_disabled', { data: { id } });
}

const notFound = (id: number) => new StudioError('webhook_not_found', { data: { id }, field: 'id' });

async function known(caller: Caller, db: Reader, id: number): Promise<WebhookRow> {
  const row = await store.findWebhook(caller, db, id);
  if (!row) throw notFound(id);
  return row;
}
