import { expect, it } from 'vitest';
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
  });
  deliverer.wake();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(failures).toBe(1);
  await deliverer.close();
});
