import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisVersion, TestRedis } from '../../test/redis-server.ts';
import { Redis } from './redis.ts';
import { redisWarnings } from './redis-problem.ts';

const SOON = { timeout: 20_000, interval: 20 };

describe('what is said of a Redis', () => {
  const said = (settings: Partial<Parameters<typeof redisWarnings>[0]>) =>
    redisWarnings({ version: '7.0.15', eviction: 'noeviction', isPersistent: true, ...settings }).map(
      ({ en }) => en,
    );

  it('is nothing where it is set up well, or where it does not say how it is set up', () => {
    expect(said({})).toEqual([]);
    expect(said({ eviction: null, isPersistent: null })).toEqual([]);
  });

  it('is the cure of each setting', () => {
    expect(said({ eviction: 'allkeys-lru' })).toEqual([
      expect.stringContaining('maxmemory-policy noeviction'),
    ]);
    expect(said({ isPersistent: false })).toEqual([expect.stringContaining('appendonly yes')]);
    expect(said({ version: '4.0.9' })).toEqual([expect.stringContaining('Redis 6.2 or newer')]);
  });
});

describe.skipIf(redisVersion === null)('a Redis', () => {
  let server: TestRedis;
  let opened: Redis[];
  let lines: string[];
  const log = {
    info: (...line: unknown[]) => void lines.push(JSON.stringify(line)),
    warn: (...line: unknown[]) => void lines.push(JSON.stringify(line)),
  };
  async function open(url: string): Promise<Redis> {
    const redis = await Redis.open({ url, installation: 'test', log });
    opened.push(redis);
    return redis;
  }

  beforeEach(async () => {
    opened = [];
    lines = [];
    server = await TestRedis.start(['--requirepass', 'sekret', '--maxmemory-policy', 'allkeys-lru']);
  });
  afterEach(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await server.close();
  });
  const withPassword = (password: string) => server.url.replace('//', `//:${password}@`);

  it('warns at the start of what can empty it', async () => {
    expect((await open(withPassword('sekret'))).state).toBe('ready');
    expect(lines.join()).toMatch(/maxmemory-policy noeviction.*appendonly yes/s);
  });

  it('is refused when it refuses the login', async () => {
    await expect(open(withPassword('wrong'))).rejects.toThrow(/refused the login.*REDIS_URL/);
    await expect(open(server.url)).rejects.toThrow(/refused the login.*REDIS_URL/);
  });

  it('may be away at the start, is said to be once, never with its password, and is used once it answers', async () => {
    await server.kill();
    const redis = await open(withPassword('sekret'));
    expect(redis.state).toBe('away');
    await server.restart();
    await expect.poll(() => redis.state, SOON).toBe('ready');
    expect(lines.filter((line) => line.includes('does not answer'))).toHaveLength(1);
    expect(lines.join()).toContain(`127.0.0.1:${server.port}`);
    expect(lines.join()).not.toContain('sekret');
  });
});
