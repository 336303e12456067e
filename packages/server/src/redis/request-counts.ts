/**
 * Counts of requests by client within a window, shared by all processes. While Redis is away each process counts by
 * itself, so a limit still holds for each of them.
 */
import type { Redis } from './redis.ts';

/** The oldest are forgotten first. */
const MAX_LOCAL = 5_000;

export interface RequestCount {
  current: number;
  /** ms until the window ends */
  ttl: number;
}

export class RequestCounts {
  readonly #redis: Redis;
  readonly #local = new Map<string, { current: number; endsMs: number }>();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Counts one more request. */
  async count(client: string, windowMs: number): Promise<RequestCount> {
    const shared = this.#redis.state === 'ready' ? await this.#countShared(client, windowMs) : null;
    return shared ?? this.#countLocally(client, windowMs);
  }

  /** null: Redis did not answer. */
  async #countShared(client: string, windowMs: number): Promise<RequestCount | null> {
    const key = `${this.#redis.prefix}:requests:${client}`;
    const counting = this.#redis.commands.multi().set(key, 0, 'PX', windowMs, 'NX').incr(key).pttl(key);
    const answers = await counting.exec().catch(() => null);
    const [, counted, left] = answers ?? [];
    if (typeof counted?.[1] !== 'number' || typeof left?.[1] !== 'number') return null;
    return { current: counted[1], ttl: Math.max(0, left[1]) };
  }

  #countLocally(client: string, windowMs: number): RequestCount {
    const now = performance.now();
    const known = this.#local.get(client);
    const isOver = known === undefined || known.endsMs <= now;
    const counted = isOver ? { current: 1, endsMs: now + windowMs } : known;
    if (!isOver) counted.current += 1;
    this.#local.delete(client);
    this.#local.set(client, counted);
    const [oldest] = this.#local.keys();
    if (oldest !== undefined && this.#local.size > MAX_LOCAL) this.#local.delete(oldest);
    return { current: counted.current, ttl: counted.endsMs - now };
  }
}
