import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { testPostgres } from '../../test/postgres-server.ts';
import { redisVersion, TestRedis } from '../../test/redis-server.ts';
import { type TestDatabase, testDatabase } from '../../test/test-database.ts';
import { createLog } from '../log.ts';
import { Redis } from '../redis/redis.ts';
import { busContract } from './bus.contract.ts';
import type { Bus } from './bus.ts';
import { MemoryBus } from './memory-bus.ts';
import { PostgresBus } from './postgres-bus.ts';
import { RedisBus } from './redis-bus.ts';

const SOON = { timeout: 20_000, interval: 20 };

busContract('MemoryBus', async () => {
  const bus = new MemoryBus();
  return [bus, bus];
});

const { version } = await testPostgres();

describe.skipIf(version === null)('over Postgres', () => {
  let place: TestDatabase;
  beforeAll(async () => {
    place = await testDatabase('postgres');
  });
  afterAll(() => place.remove());
  const url = () => (place.address?.dialect === 'postgres' ? place.address.url : '');
  const open = () => PostgresBus.open(url(), createLog('silent'));

  /** Of the connections of buses. */
  async function query(select: string) {
    const client = new Client(url());
    await client.connect();
    const { rows } = await client.query(
      `${select} from pg_stat_activity where application_name = 'limner bus' and datname = current_database()`,
    );
    await client.end();
    return rows;
  }

  busContract('PostgresBus', async () => [await open(), await open()]);

  it('reports a gap to every listener after a broken connection, and continues', async () => {
    const [here, there] = [await open(), await open()];
    const gaps = { here: 0, there: 0 };
    here.subscribe('gap', () => (gaps.here += 1));
    there.subscribe('gap', () => (gaps.there += 1));
    await query('select pg_terminate_backend(pid)');
    await vi.waitFor(() => expect([gaps.here > 0, gaps.there > 0]).toEqual([true, true]), 10_000);
    await pause(100);
    const heard = vi.fn();
    there.subscribe('wake', heard);
    here.publish({ type: 'wake', lane: 'a' });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith({ type: 'wake', lane: 'a' }));
    await here.close();
    await there.close();
  });

  it('does not connect again after it is closed in the pause before', async () => {
    const bus = await open();
    await query('select pg_terminate_backend(pid)');
    await vi.waitFor(async () => expect(await query('select pid')).toEqual([]), 10_000);
    await pause(50);
    await bus.close();
    await pause(200);
    expect(await query('select pid')).toEqual([]);
  });
});

describe.skipIf(redisVersion === null)('over Redis', () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await TestRedis.start();
  });
  afterAll(() => server.close());
  const links: Redis[] = [];
  afterEach(() => Promise.all(links.splice(0).map((each) => each.close())));

  async function open(fallback: Bus = new MemoryBus()): Promise<RedisBus> {
    const redis = await Redis.open({ url: server.url, installation: 'test', log: createLog('silent') });
    links.push(redis);
    return RedisBus.open(redis, fallback);
  }
  const ready = () => expect.poll(() => links.every(({ state }) => state === 'ready'), SOON).toBe(true);

  busContract('RedisBus', async () => [await open(), await open()]);

  it('keeps the messages of installations apart', async () => {
    const here = await open();
    const other = await Redis.open({ url: server.url, installation: 'other', log: createLog('silent') });
    links.push(other);
    const there = await RedisBus.open(other, new MemoryBus());
    const heard = vi.fn();
    there.subscribe('wake', heard);
    here.publish({ type: 'wake', lane: 'a' });
    await pause(100);
    expect(heard).not.toHaveBeenCalled();
    await here.close();
    await there.close();
  });

  it('goes over the other bus while Redis is away, then reports a gap and continues', async () => {
    const [between, end] = [new MemoryBus(), new MemoryBus()];
    // Two ends of one fallback, which closes when both are closed.
    const [here, there] = [
      await open(between),
      await open({ ...boundTo(between), close: () => end.close() }),
    ];
    const heard = vi.fn();
    const gaps = vi.fn();
    there.subscribe('wake', heard);
    there.subscribe('gap', gaps);
    await server.kill();
    await expect.poll(() => links.every(({ state }) => state === 'away'), SOON).toBe(true);
    here.publish({ type: 'wake', lane: 'meanwhile' });
    expect(heard.mock.calls).toEqual([[{ type: 'wake', lane: 'meanwhile' }]]);
    await server.restart();
    await ready();
    await expect.poll(() => gaps.mock.calls.length, SOON).toBeGreaterThan(0);
    await expect
      .poll(() => {
        here.publish({ type: 'wake', lane: 'again' });
        return heard.mock.calls.at(-1);
      }, SOON)
      .toEqual([{ type: 'wake', lane: 'again' }]);
    await here.close();
    await there.close();
  });

  it('notices a Redis that is frozen', async () => {
    const bus = await open();
    server.signal('SIGSTOP');
    await expect.poll(() => links[0]?.state, SOON).toBe('away');
    server.signal('SIGCONT');
    await ready();
    await bus.close();
  });
});

const boundTo = (bus: Bus): Bus => ({
  publish: (message) => bus.publish(message),
  subscribe: (type, listener) => bus.subscribe(type, listener),
  mayBeHeard: () => true,
  close: () => bus.close(),
});
