import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { redisVersion, TestRedis } from '../../test/redis-server.ts';
import { createLog } from '../log.ts';
import { Redis } from './redis.ts';
import { RequestCounts } from './request-counts.ts';

const MINUTE_MS = 60_000;

describe.skipIf(redisVersion === null)('counts of requests', () => {
  let server: TestRedis;
  const opened: Redis[] = [];
  beforeAll(async () => {
    server = await TestRedis.start();
  });
  afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));
  afterAll(() => server.close());

  async function counts(): Promise<RequestCounts> {
    const redis = await Redis.open({ url: server.url, installation: 'test', log: createLog('silent') });
    opened.push(redis);
    return new RequestCounts(redis);
  }
  const currents = async (counting: Promise<{ current: number }>[]) =>
    (await Promise.all(counting)).map(({ current }) => current);

  it('are of all processes, for each client, within one window', async () => {
    const [here, there] = [await counts(), await counts()];
    const each = [here.count('10.0.0.1', MINUTE_MS), there.count('10.0.0.1', MINUTE_MS)];
    expect((await currents(each)).sort()).toEqual([1, 2]);
    const { current, ttl } = await there.count('10.0.0.2', MINUTE_MS);
    expect(current).toBe(1);
    expect(ttl).toBeGreaterThan(MINUTE_MS / 2);
    expect((await here.count('10.0.0.3', 1)).current).toBe(1);
    await expect.poll(async () => (await here.count('10.0.0.3', 1)).current).toBe(1);
  });

  it('are of one process while Redis is away', async () => {
    const [here, there] = [await counts(), await counts()];
    await server.kill();
    await expect.poll(() => opened.every(({ state }) => state === 'away'), { timeout: 20_000 }).toBe(true);
    const each = [here, here, there].map((one) => one.count('10.0.0.4', MINUTE_MS));
    expect(await currents(each)).toEqual([1, 2, 1]);
    await server.restart();
  });
});
