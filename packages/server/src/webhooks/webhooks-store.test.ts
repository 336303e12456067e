import { OWNER } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { testDatabase, testDialects } from '../../test/test-database.ts';
import { dueDeliveries, insertDelivery, insertWebhook } from './webhooks-store.ts';

describe.each(await testDialects())('deliveries that are due, on %s', (_, dialect) => {
  it('are the oldest of each webhook, so that one with many holds up no other', async () => {
    const place = await testDatabase(dialect);
    const db = await place.open();
    const webhook = { url: 'https://a.example', events: '[]', secret: 's', created_at: 1 };
    const ids = await db.write(async (trx) => {
      const [busy, calm] = [
        await insertWebhook(OWNER, trx, webhook),
        await insertWebhook(OWNER, trx, webhook),
      ];
      const row = { event: 'completed', task_id: null, status: 'waiting', created_at: 1 } as const;
      for (let n = 0; n < 6; n += 1)
        await insertDelivery(trx, { ...row, webhook_id: busy.id, next_try_at: 10 + n });
      await insertDelivery(trx, { ...row, webhook_id: calm.id, next_try_at: 50 });
      return { busy: busy.id, calm: calm.id };
    });
    const due = await dueDeliveries(OWNER, db.read, 100, 2);
    expect(due.map(({ webhook }) => webhook)).toEqual([ids.busy, ids.busy, ids.calm]);
    await db.close();
    await place.remove();
  });
});
