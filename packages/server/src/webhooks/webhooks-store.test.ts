import { OWNER } from '@limner/contract';
import { type CompiledQuery, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase, testDialects } from '../../test/test-database.ts';
import { dueDeliveries, insertDelivery, insertWebhook, nextDueMs } from './webhooks-store.ts';

const webhook = { events: '[]', secret: 's', created_at: 1 };
const row = { event: 'completed', task_id: null, status: 'waiting', created_at: 1 } as const;

describe.each(await testDialects())('deliveries that are due, on %s', (_, dialect) => {
  it('are the longest due of their webhook', async () => {
    const place = await testDatabase(dialect);
    const db = await place.open();
    const [busy, calm] = await db.write(async (trx) => {
      const busy = await insertWebhook(OWNER, trx, { ...webhook, url: 'https://a.example' });
      const calm = await insertWebhook(OWNER, trx, { ...webhook, url: 'https://b.example' });
      for (const next_try_at of [40, 20, 30, 200])
        await insertDelivery(trx, { ...row, webhook_id: busy.id, next_try_at });
      await insertDelivery(trx, { ...row, webhook_id: calm.id, next_try_at: 500 });
      return [busy.id, calm.id] as const;
    });
    const at = { nowMs: 100, limit: 2 };
    const rows = await db.read.selectFrom('webhook_deliveries').select(['id', 'next_try_at']).execute();
    const dueAt = new Map(rows.map(({ id, next_try_at }) => [id, next_try_at]));
    const due = await dueDeliveries(OWNER, db.read, busy, at);
    expect(due.map((id) => dueAt.get(id))).toEqual([20, 30]);
    expect(await dueDeliveries(OWNER, db.read, calm, at)).toEqual([]);
    expect(await nextDueMs(OWNER, db.read, calm)).toBe(500);
    expect(await nextDueMs(OWNER, db.read, calm + 1)).toBeNull();
    await db.close();
    await place.remove();
  });
});

it('no statement of what is due sorts, or reads a delivery that it leaves out', async () => {
  const place = await testDatabase('sqlite');
  const db = await place.open();
  const asked: CompiledQuery[] = [];
  const read = db.read.withPlugin({
    transformQuery({ node, queryId }) {
      asked.push(db.read.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await dueDeliveries(OWNER, read, 1, { nowMs: 5, limit: 8 });
  await nextDueMs(OWNER, read, 1);
  expect(asked).toHaveLength(2);
  for (const query of asked) {
    const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(
      query.sql.replaceAll('?', '5'),
    )}`.execute(db.read);
    expect(rows.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH webhook_deliveries USING .*INDEX webhook_deliveries_due \(webhook_id=/),
    ]);
  }
  await db.close();
  await place.remove();
});
