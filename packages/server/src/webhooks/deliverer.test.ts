import { expect, it } from 'vitest';
import { MemoryBus } from '../bus/memory-bus.ts';
import type { Database } from '../db/database.ts';
import { Deliverer } from './deliverer.ts';

it('waits after a database that cannot be read, however often it is woken', async () => {
  let failures = 0;
  const read = {
    selectFrom: () => {
      throw new Error('no database');
    },
  };
  const deliverer = new Deliverer({
    db: { read } as unknown as Database,
    bus: { subscribe: () => () => {}, publish: () => {} },
    log: {
      error: () => {
        failures += 1;
      },
      info: () => {},
    } as never,
    isAllowed: () => true,
    taskOf: async () => null,
    writeJson: JSON.stringify,
  });
  deliverer.wake();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(failures).toBe(1);
  await deliverer.close();
});

it('hears the ends of tasks for a webhook that is added during a round', async () => {
  const bus = new MemoryBus();
  let webhooks: object[] = [];
  const selectFrom = (table: unknown) => {
    if (table !== 'webhooks') return queryOf([]);
    const read = webhooks;
    if (read.length === 0) {
      webhooks = [{ id: 1, enabled: 1 }];
      queueMicrotask(() => bus.publish({ type: 'deliveries' }));
    }
    return queryOf(read);
  };
  const deliverer = new Deliverer({
    db: { read: { selectFrom } } as unknown as Database,
    bus,
    log: { error: () => {}, info: () => {} } as never,
    isAllowed: () => true,
    taskOf: async () => null,
    writeJson: JSON.stringify,
  });
  deliverer.wake();
  await expect.poll(() => bus.mayBeHeard('event')).toBe(true);
  await deliverer.close();
});

/** A query of any shape. */
const queryOf = (rows: object[]): unknown =>
  new Proxy(
    {},
    {
      get: (_, method) => {
        if (method === 'execute') return async () => rows;
        if (method === 'executeTakeFirst') return async () => rows[0];
        return () => queryOf(rows);
      },
    },
  );
