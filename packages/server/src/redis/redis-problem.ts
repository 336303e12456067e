/** Explains what is wrong with a Redis, with the cure. Never shows the password. */
import type { Bilingual } from '@limner/contract';
import { StartProblem } from '../start-problem.ts';

/** `host:port` of a Redis address. */
export function redisPlace(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || '6379'}`;
}

/** For the log: errors of the driver carry the sent command, whose arguments may be the password. */
export function loggedError(error: unknown): { message: string; code?: string } {
  const { message, code } = error as { message?: string; code?: string };
  const text = message || code || String(error);
  return code === undefined ? { message: text } : { message: text, code };
}

/** A login that Redis refuses does not become right by waiting; null for other errors. */
export function loginRefused(error: unknown, url: string): StartProblem | null {
  const { message } = loggedError(error);
  if (!/^(NOAUTH|WRONGPASS|NOPERM)|invalid username-password|Client sent AUTH/i.test(message)) return null;
  return new StartProblem({
    en: `Redis at ${redisPlace(url)} refused the login. Check user and password in REDIS_URL.`,
    zh: `${redisPlace(url)} 上的 Redis 拒绝了登录。请检查 REDIS_URL 中的用户名和密码。`,
  });
}

export interface RedisSettings {
  version: string;
  /** `maxmemory-policy`; null: unknown. */
  eviction: string | null;
  /** null: unknown. */
  isPersistent: boolean | null;
}

/** What Limner would have otherwise. Nothing of it loses a task, because tasks are rows. */
export function redisWarnings({ version, eviction, isPersistent }: RedisSettings): Bilingual[] {
  const warnings: Bilingual[] = [];
  if (Number.parseInt(version, 10) < 5)
    warnings.push({
      en: `Redis ${version} is too old for the queue. Install Redis 6.2 or newer. Until then Limner uses Postgres for it.`,
      zh: `Redis ${version} 版本过旧，无法用于队列。请安装 Redis 6.2 或更新版本。在此之前画匠使用 Postgres。`,
    });
  if (eviction !== null && eviction !== 'noeviction')
    warnings.push({
      en: `Redis may drop the queue's entries when its memory is full (maxmemory-policy ${eviction}). Tasks are then found up to two seconds later. Set maxmemory-policy noeviction.`,
      zh: `Redis 内存用满时可能丢弃队列条目（maxmemory-policy 为 ${eviction}），任务会最多晚两秒才被发现。请设置 maxmemory-policy noeviction。`,
    });
  if (isPersistent === false)
    warnings.push({
      en: 'Redis stores nothing on its disk, so a restart of it empties the queue. Tasks are then found up to two seconds later. Set appendonly yes.',
      zh: 'Redis 不写入磁盘，重启后队列会清空，任务会最多晚两秒才被发现。请设置 appendonly yes。',
    });
  return warnings;
}
