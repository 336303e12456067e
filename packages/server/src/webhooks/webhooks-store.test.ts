import { OWNER } from '@limner/contract';
import { type CompiledQuery, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase, testDialects } from '../../test/test-database.ts';
import { dueDeliveries, insertDelivery, insertWebhook, nextDueInMs } from './webhooks-store.ts';

const webhook = { events: '[]', secret: 's', created_at: 1 };
const row = { event: 'completed', task_id: null, status: 'waiting', created_at: 1 } as const;

describe.each(await testDialects())('deliveries that are due, on %s', (_, dialect) => {
  it('are the longest due of their webhook', async () => {
    const place = await testDatabase(dialect);
    const db = await place.open();
    const now = Date.now();
    const [busy, calm] = await db.write(async (trx) => {
      const busy = await insertWebhook(OWNER, trx, { ...webhook, url: 'https://a.example' });
      const calm = await insertWebhook(OWNER, trx, { ...webhook, url: 'https://b.example' });
      for (const inMs of [-40_000, -60_000, -50_000, 100_000])
        await insertDelivery(trx, { ...row, webhook_id: busy.id, next_try_at: now + inMs });
      await insertDelivery(trx, { ...row, webhook_id: calm.id, next_try_at: now + 400_000 });
      return [busy.id, calm.id] as const;
    });
    // Postgres has a clock of its own; that of the process is wrong.
    const at = { now: dialect === 'postgres' ? now + 1_000_000 : now, limit: 2 };
    const rows = await db.read.selectFrom('webhook_deliveries').select(['id', 'next_try_at']).execute();
    const dueAt = new Map(rows.map(({ id, next_try_at }) => [id, next_try_at]));
    const due = await dueDeliveries(OWNER, db.read, busy, at);
    expect(due.map((id) => dueAt.get(id))).toEqual([now - 60_000, now - 50_000]);
    expect(await dueDeliveries(OWNER, db.read, calm, at)).toEqual([]);
    const inMs = (await nextDueInMs(OWNER, db.read, calm, at.now)) ?? 0;
    expect(inMs).toBeLessThanOrEqual(400_000);
    expect(inMs).toBeGreaterThan(200_000);
    expect(await nextDueInMs(OWNER, db.read, calm + 1, at.now)).toBeNull();
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
  await dueDeliveries(OWNER, read, 1, { now: 5, limit: 8 });
  await nextDueInMs(OWNER, read, 1, 5);
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
