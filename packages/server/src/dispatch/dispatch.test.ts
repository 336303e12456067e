import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testPostgres } from '../../test/postgres-server.ts';
import { redisVersion, TestRedis } from '../../test/redis-server.ts';
import { type TestDatabase, testDatabase } from '../../test/test-database.ts';
import { MemoryBus } from '../bus/memory-bus.ts';
import { PostgresBus } from '../bus/postgres-bus.ts';
import { createLog } from '../log.ts';
import { Redis } from '../redis/redis.ts';
import { BullmqDispatch } from './bullmq-dispatch.ts';
import { BusDispatch } from './bus-dispatch.ts';
import { dispatchContract, Rows, TestWorker, tasks } from './dispatch.contract.ts';

const SOON = { timeout: 20_000, interval: 20 };
const log = createLog('silent');

dispatchContract('BusDispatch', async () => {
  const bus = new MemoryBus();
  return [new BusDispatch(bus), new BusDispatch(bus), new BusDispatch(bus)];
});

const { version } = await testPostgres();

describe.skipIf(version === null)('over Postgres', () => {
  let place: TestDatabase;
  const buses: PostgresBus[] = [];
  beforeAll(async () => {
    place = await testDatabase('postgres');
  });
  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.close())));
  afterAll(() => place.remove());

  dispatchContract('BusDispatch', async () => {
    const open = async () => {
      const bus = await PostgresBus.open(place.address?.dialect === 'postgres' ? place.address.url : '', log);
      buses.push(bus);
      return new BusDispatch(bus);
    };
    return [await open(), await open(), await open()];
  });
});

describe.skipIf(redisVersion === null)('over Redis', () => {
  let server: TestRedis;
  let installations = 0;
  const opened: Redis[] = [];
  beforeAll(async () => {
    server = await TestRedis.start();
  });
  afterEach(() => Promise.all(opened.splice(0).map((redis) => redis.close())));
  afterAll(() => server.close());

  /** Of one installation, whose bus brings all messages. */
  function installation() {
    installations += 1;
    const name = `test-${installations}`;
    const bus = new MemoryBus();
    return async () => {
      const redis = await Redis.open({ url: server.url, installation: name, log });
      opened.push(redis);
      return BullmqDispatch.open(redis, bus);
    };
  }

  dispatchContract('BullmqDispatch', async () => {
    const open = installation();
    return [await open(), await open(), await open()];
  });

  it('goes on without Redis, and with one that came back empty or was emptied', async () => {
    const open = installation();
    const [desk, end] = [await open(), await open()];
    const rows = new Rows();
    const worker = new TestWorker(rows, 0, 99);
    worker.follow(end, ['lane']);
    const claims = async (id: number) => {
      desk.offer(rows.insert(tasks([id])));
      await expect.poll(() => rows.claimed.at(-1)?.id, SOON).toBe(id);
    };
    await claims(1);
    await server.kill();
    await expect.poll(() => opened.every(({ state }) => state === 'away'), SOON).toBe(true);
    await claims(2);
    await server.restart();
    await expect.poll(() => opened.every(({ state }) => state === 'ready'), SOON).toBe(true);
    await claims(3);
    await server.command('FLUSHALL');
    await claims(4);
    await worker.close();
    await desk.close();
    await end.close();
  });
});
