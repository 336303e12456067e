/** Rows of webhooks and their deliveries. */
import type { Caller, DeliveryQuery, DeliveryStatus, TaskStatus } from '@limner/contract';
import { type Insertable, type InsertObject, sql, type Updateable, type UpdateObject } from 'kysely';
import { refuseStranger } from '../access.ts';
import { databaseNow } from '../db/clock.ts';
import type { Reader, Writer } from '../db/database.ts';
import { isPostgres } from '../db/lock.ts';
import type { DeliveryRow, Schema, WebhookRow, WebhooksTable } from '../db/schema.ts';
import { statement } from '../db/statement.ts';
import { visibleTo } from '../db/visible-to.ts';

export const listWebhooks = (caller: Caller, db: Reader): Promise<WebhookRow[]> =>
  db.selectFrom('webhooks').selectAll().where(visibleTo(caller)).orderBy('id').execute();

/** Undefined: there is none. */
export const findWebhook = (caller: Caller, db: Reader, id: number): Promise<WebhookRow | undefined> =>
  db.selectFrom('webhooks').selectAll().where('id', '=', id).where(visibleTo(caller)).executeTakeFirst();

/** Locked until the transaction ends. */
export const webhookToChange = (caller: Caller, trx: Writer, id: number): Promise<WebhookRow | undefined> =>
  trx
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', id)
    .where(visibleTo(caller))
    .$if(isPostgres(trx), (locked) => locked.forUpdate())
    .executeTakeFirst();

export function insertWebhook(
  caller: Caller,
  trx: Writer,
  row: Insertable<WebhooksTable>,
): Promise<WebhookRow> {
  refuseStranger(caller);
  return trx.insertInto('webhooks').values(row).returningAll().executeTakeFirstOrThrow();
}

/** Undefined: there is none. */
export const updateWebhook = (
  caller: Caller,
  trx: Writer,
  id: number,
  change: Updateable<WebhooksTable>,
): Promise<WebhookRow | undefined> =>
  trx
    .updateTable('webhooks')
    .set(change)
    .where('id', '=', id)
    .where(visibleTo(caller))
    .returningAll()
    .executeTakeFirst();

/** With its deliveries. False: there is none. */
export async function deleteWebhook(caller: Caller, trx: Writer, id: number): Promise<boolean> {
  if (!(await webhookToChange(caller, trx, id))) return false;
  await trx.deleteFrom('webhook_deliveries').where('webhook_id', '=', id).execute();
  await trx.deleteFrom('webhooks').where('id', '=', id).execute();
  return true;
}

/** JSON lists are searched as text: `["completed","failed"]` has `"completed"`. */
const inQuotes = (word: string): string => `%"${word}"%`;

const insertDeliveryRows = statement<
  { id: number; status: TaskStatus; pattern: string; now: number },
  unknown
>((db, { id, status, pattern, now }) =>
  db
    .insertInto('webhook_deliveries')
    .columns(['webhook_id', 'event', 'task_id', 'status', 'next_try_at', 'created_at'])
    .expression((eb) =>
      eb
        .selectFrom('webhooks')
        .innerJoin('tasks', (join) => join.on('tasks.id', '=', id))
        .select((of) => [
          'webhooks.id',
          of.cast<TaskStatus>(of.val(status), 'text').as('event'),
          'tasks.id as task',
          of.val('waiting' as const).as('status'),
          databaseNow(db, now).as('next'),
          of.cast<number>(of.val(now), 'bigint').as('created'),
        ])
        .where('webhooks.enabled', '=', 1)
        .where('webhooks.events', 'like', pattern)
        .where((of) =>
          of.or([
            of('webhooks.kinds', 'is', null),
            of('webhooks.kinds', 'like', sql<string>`'%"' || tasks.kind || '"%'`),
          ]),
        )
        // A webhook that is deleted meanwhile is waited for, and then left out.
        .$if(isPostgres(db), (select) => select.forKeyShare('webhooks')),
    ),
);

/** One for each webhook that wants this end of a task; in the transaction that ends it. */
export async function insertDeliveries(trx: Writer, id: number, status: TaskStatus): Promise<void> {
  await insertDeliveryRows(trx, { id, status, pattern: inQuotes(status), now: Date.now() });
}

export const insertDelivery = (
  trx: Writer,
  row: InsertObject<Schema, 'webhook_deliveries'>,
): Promise<DeliveryRow> =>
  trx.insertInto('webhook_deliveries').values(row).returningAll().executeTakeFirstOrThrow();

/** Newest first. */
export function listDeliveries(
  caller: Caller,
  db: Reader,
  webhook: number,
  { limit, before }: DeliveryQuery,
): Promise<DeliveryRow[]> {
  let query = db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('webhook_id', '=', webhook)
    .where(visibleTo(caller));
  if (before !== undefined) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

export const findDelivery = (caller: Caller, db: Reader, id: number): Promise<DeliveryRow | undefined> =>
  db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', id)
    .where(visibleTo(caller))
    .executeTakeFirst();

export async function updateDelivery(
  trx: Writer,
  id: number,
  change: UpdateObject<Schema, 'webhook_deliveries'>,
): Promise<void> {
  await trx.updateTable('webhook_deliveries').set(change).where('id', '=', id).execute();
}

/**
 * Due deliveries of one webhook, the longest due first. Asked for each webhook, because only then an index has the answer
 * in its order, however many wait.
 */
export async function dueDeliveries(
  caller: Caller,
  db: Reader,
  webhook: number,
  { now, limit }: { now: number; limit: number },
): Promise<number[]> {
  const rows = await waitingOf(caller, db, webhook)
    .select('id')
    .where('next_try_at', '<=', databaseNow(db, now))
    .orderBy('next_try_at')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** The ms until the next waiting delivery of a webhook is due, below 0 if it is; null if none waits. */
export async function nextDueInMs(
  caller: Caller,
  db: Reader,
  webhook: number,
  now: number,
): Promise<number | null> {
  const row = await waitingOf(caller, db, webhook)
    .select(sql<number>`next_try_at - ${databaseNow(db, now)}`.as('inMs'))
    .orderBy('next_try_at')
    .limit(1)
    .executeTakeFirst();
  return row?.inMs ?? null;
}

/** The status is a literal: SQLite uses a partial index only if the statement itself names its condition. */
const waitingOf = (caller: Caller, db: Reader, webhook: number) =>
  db
    .selectFrom('webhook_deliveries')
    .where('webhook_id', '=', webhook)
    .where('status', '=', sql.lit<DeliveryStatus>('waiting'))
    .where(visibleTo(caller));

/** What has ended before this time. */
export async function deleteOldDeliveries(trx: Writer, beforeMs: number): Promise<void> {
  await trx
    .deleteFrom('webhook_deliveries')
    .where('status', '!=', 'waiting')
    .where('created_at', '<', beforeMs)
    .execute();
}
