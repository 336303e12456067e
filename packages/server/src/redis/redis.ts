/**
 * The Redis of an installation. It carries messages and counters and never decides anything: whatever Redis forgets or does
 * not deliver is found in the database. So Limner starts and works without it; `state` says whether it answers.
 *
 * The driver is loaded only when an address is configured.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis as Connection, RedisOptions as ConnectionOptions } from 'ioredis';
import type { Logger } from '../log.ts';
import { loggedError, loginRefused, type RedisSettings, redisPlace, redisWarnings } from './redis-problem.ts';

/** A Redis that answers later counts as away. */
const ANSWER_MS = 2_000;
const BEAT_MS = 2_000;
const MAX_PAUSE_MS = 2_000;

export interface RedisOptions {
  url: string;
  /** Unique to the installation: separates its keys and channels from those of others. */
  installation: string;
  log: Pick<Logger, 'warn' | 'info'>;
}

export class Redis {
  readonly prefix: string;
  readonly #options: RedisOptions;
  readonly #Connection: typeof Connection;
  readonly #opened = new Set<Connection>();
  readonly #main: Connection;
  readonly #stop = new AbortController();
  #isReady = false;

  private constructor(options: RedisOptions, driver: typeof Connection) {
    this.#options = options;
    this.#Connection = driver;
    // In braces: a Redis Cluster keeps the keys of one hash tag on one node.
    this.prefix = `{limner:${options.installation}}`;
    this.#main = this.connect({ commandTimeout: ANSWER_MS });
  }

  /**
   * Returns once Redis answers, or is known to be away. @throws StartProblem when it refuses the login
   */
  static async open(options: RedisOptions): Promise<Redis> {
    const { Redis: driver } = await import('ioredis');
    const redis = new Redis(options, driver);
    const refusal = await redis.#firstAnswer();
    if (refusal) {
      await redis.close();
      throw refusal;
    }
    void redis.#watch();
    return redis;
  }

  get state(): 'ready' | 'away' {
    return this.#isReady ? 'ready' : 'away';
  }

  /** For commands that fail at once while Redis is away. */
  get commands(): Connection {
    return this.#main;
  }

  /** A connection of its own, closed with the rest. It connects again whenever it is lost. */
  connect(options: ConnectionOptions = {}): Connection {
    const connection = new this.#Connection(this.#options.url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: ANSWER_MS,
      retryStrategy: (times) => Math.min(times * 100, MAX_PAUSE_MS),
      keepAlive: 10_000,
      ...options,
    });
    // Without a listener an error would end the process; the watch reports that Redis is away.
    connection.on('error', () => undefined);
    this.#opened.add(connection);
    connection.once('end', () => this.#opened.delete(connection));
    return connection;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#isReady = false;
    for (const connection of this.#opened) connection.disconnect();
  }

  async #firstAnswer(): Promise<Error | null> {
    const { url, log } = this.#options;
    const problem = await new Promise<unknown>((resolve) => {
      this.#main.once('ready', () => resolve(null));
      this.#main.once('error', resolve);
      this.#stop.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    const refusal = problem === null ? null : loginRefused(problem, url);
    if (refusal) return refusal;
    if (problem === null) await this.#beat();
    if (this.#isReady) await this.#warn();
    else
      log.warn(
        { err: loggedError(problem), redis: redisPlace(url) },
        'Redis does not answer; Limner goes on with Postgres alone until it does. Start Redis, or correct REDIS_URL',
      );
    return null;
  }

  /** Says once when it is lost, and once when it is back. */
  async #watch(): Promise<void> {
    const { log, url } = this.#options;
    const { signal } = this.#stop;
    this.#main.on('close', () => this.#lost());
    this.#main.on('ready', () => void this.#beat());
    while (!signal.aborted) {
      await pause(BEAT_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted)
        await this.#beat().catch((error) =>
          log.warn({ err: loggedError(error), redis: redisPlace(url) }, 'Redis could not be asked'),
        );
    }
  }

  /** A connection to a frozen Redis stays open, so only an answer counts. */
  async #beat(): Promise<void> {
    if (this.#main.status !== 'ready') return;
    try {
      await this.#main.ping();
    } catch {
      if (this.#stop.signal.aborted) return;
      this.#lost();
      this.#main.disconnect(true);
      return;
    }
    if (this.#isReady || this.#stop.signal.aborted) return;
    this.#isReady = true;
    this.#options.log.info({ redis: redisPlace(this.#options.url) }, 'Redis answers');
  }

  #lost(): void {
    if (!this.#isReady) return;
    this.#isReady = false;
    if (this.#stop.signal.aborted) return;
    this.#options.log.warn(
      { redis: redisPlace(this.#options.url) },
      'Redis does not answer; Limner goes on with Postgres alone until it does',
    );
  }

  async #warn(): Promise<void> {
    for (const { en } of redisWarnings(await this.#settings()))
      this.#options.log.warn({ redis: redisPlace(this.#options.url) }, en);
  }

  /** Hosted Redis may refuse CONFIG; then only INFO is known. */
  async #settings(): Promise<RedisSettings> {
    const info = await this.#main.info().catch(() => '');
    const entry = (key: string) => new RegExp(`^${key}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null;
    const saves = await this.#main
      .config('GET', 'save')
      .then((answer) => (answer as string[])[1] ?? '')
      .catch(() => null);
    const hasLog = entry('aof_enabled') === null ? null : entry('aof_enabled') === '1';
    return {
      version: entry('redis_version') ?? '6',
      eviction: entry('maxmemory_policy'),
      isPersistent: hasLog || (saves === null || hasLog === null ? null : saves !== ''),
    };
  }
}
