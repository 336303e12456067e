/** A Redis that all test files of a run share: `globalSetup` of vitest. Without `redis-server` there is none, which is said. */
import { redisVersion, TestRedis } from './redis-server.ts';

export default async function start(): Promise<() => Promise<void>> {
  if (redisVersion === null) return async () => undefined;
  const redis = await TestRedis.start();
  process.env.LIMNER_TEST_REDIS = redis.url;
  return () => redis.close();
}
