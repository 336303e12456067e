/**
 * The bus between processes over Redis. Listeners of this process are called at once, as on the memory bus. While Redis
 * does not answer, messages go over `fallback`, to which every process also listens, so news go on. A process that was cut
 * off from Redis alone may have missed some: its listeners get `gap`.
 */
import { randomUUID } from 'node:crypto';
import type { Redis as Connection } from 'ioredis';
import type { Redis } from '../redis/redis.ts';
import type { Bus, BusMessage } from './bus.ts';
import { MemoryBus } from './memory-bus.ts';

export class RedisBus implements Bus {
  readonly #redis: Redis;
  readonly #fallback: Bus;
  readonly #id = randomUUID();
  readonly #local = new MemoryBus();
  readonly #channel: string;
  readonly #subscriber: Connection;
  readonly #sending = new Set<Promise<unknown>>();
  #isClosed = false;
  #hasSubscribed = false;

  private constructor(redis: Redis, fallback: Bus) {
    this.#redis = redis;
    this.#fallback = fallback;
    this.#channel = `${redis.prefix}:news`;
    this.#subscriber = redis.connect({ autoResubscribe: false });
  }

  static async open(redis: Redis, fallback: Bus): Promise<RedisBus> {
    const bus = new RedisBus(redis, fallback);
    await bus.#listen();
    return bus;
  }

  publish(message: BusMessage): void {
    if (this.#isClosed) return;
    if (this.#redis.state === 'ready' && this.#subscriber.status === 'ready') this.#send(message);
    else this.#fallback.publish(message);
  }

  subscribe<T extends BusMessage['type']>(
    type: T,
    listener: (message: Extract<BusMessage, { type: T }>) => void,
  ): () => void {
    const stops = [this.#local.subscribe(type, listener), this.#fallback.subscribe(type, listener)];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Another process may listen. */
  mayBeHeard(): boolean {
    return true;
  }

  /** Resolves when all published messages are sent. Closes `fallback` too. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#local.close();
    await Promise.all(this.#sending);
    this.#subscriber.disconnect();
    await this.#fallback.close();
  }

  #send(message: BusMessage): void {
    this.#local.publish(message);
    // Lost with its connection. Whoever needed it finds the row, or hears of a gap.
    const sent = this.#redis.commands
      .publish(this.#channel, `${this.#id} ${JSON.stringify(message)}`)
      .catch(() => undefined);
    this.#sending.add(sent);
    void sent.then(() => this.#sending.delete(sent));
  }

  /** Resolves when it listens, or when Redis is away; it then listens as soon as Redis answers. */
  async #listen(): Promise<void> {
    this.#subscriber.on('message', (_channel: string, text: string) => this.#hear(text));
    const first = Promise.race([
      new Promise<void>((resolve) => this.#subscriber.once('subscribed', () => resolve())),
      new Promise<void>((resolve) => this.#subscriber.once('close', () => resolve())),
    ]);
    this.#subscriber.on('ready', () => void this.#subscribe());
    if (this.#subscriber.status === 'ready') void this.#subscribe();
    await first;
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#subscriber.subscribe(this.#channel);
    } catch {
      return;
    }
    this.#subscriber.emit('subscribed');
    if (this.#isClosed) return;
    if (this.#hasSubscribed) this.publish({ type: 'gap' });
    this.#hasSubscribed = true;
  }

  #hear(text: string): void {
    const at = text.indexOf(' ');
    if (this.#isClosed || text.slice(0, at) === this.#id) return;
    this.#local.publish(JSON.parse(text.slice(at + 1)));
  }
}
