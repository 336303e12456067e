/**
 * The bus between processes, over LISTEN and NOTIFY of their database. Listeners of this process are called at once, as on
 * the memory bus; other processes receive the message from Postgres. While the connection is broken messages are lost;
 * after that every listener gets `gap`.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from '../log.ts';
import type { Bus, BusMessage } from './bus.ts';
import { MemoryBus } from './memory-bus.ts';
import { Parcels, parcelsOf } from './parcels.ts';

const CHANNEL = 'limner';
const AGAIN_MS = 1_000;

export class PostgresBus implements Bus {
  readonly #url: string;
  readonly #log: Pick<Logger, 'warn'>;
  readonly #id = randomUUID();
  readonly #local = new MemoryBus();
  readonly #parcels = new Parcels();
  readonly #stop = new AbortController();
  #client: Client | null = null;
  #sent = 0;
  #outbox: string[] = [];
  #sending: Promise<void> | null = null;

  private constructor(url: string, log: Pick<Logger, 'warn'>) {
    this.#url = url;
    this.#log = log;
  }

  static async open(url: string, log: Pick<Logger, 'warn'>): Promise<PostgresBus> {
    const bus = new PostgresBus(url, log);
    await bus.#connect();
    return bus;
  }

  publish(message: BusMessage): void {
    this.#local.publish(message);
    if (!this.#client) return;
    this.#sent += 1;
    this.#outbox.push(...parcelsOf({ sender: this.#id, number: this.#sent }, message));
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
    });
  }

  subscribe<T extends BusMessage['type']>(
    type: T,
    listener: (message: Extract<BusMessage, { type: T }>) => void,
  ): () => void {
    return this.#local.subscribe(type, listener);
  }

  /** Another process may listen. */
  mayBeHeard(): boolean {
    return true;
  }

  /** Resolves when all published messages are sent. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#local.close();
    await this.#sending;
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  /** Sends all waiting messages in one statement; messages published meanwhile go with the next. */
  async #send(): Promise<void> {
    while (this.#outbox.length > 0 && this.#client) {
      const parcels = this.#outbox.splice(0);
      await this.#client
        .query('select pg_notify($1, parcel) from unnest($2::text[]) as parcel', [CHANNEL, parcels])
        .catch((error) => this.#log.warn({ err: error }, 'news did not reach the other processes'));
    }
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#url,
      application_name: 'limner bus',
      keepAlive: true,
    });
    client.on('error', () => undefined);
    client.on('notification', ({ payload = '' }) => this.#hear(payload));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.#stop.signal.throwIfAborted();
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.once('end', () => void this.#again());
    this.#client = client;
  }

  #hear(payload: string): void {
    const message = this.#stop.signal.aborted ? null : this.#parcels.take(payload, this.#id);
    if (message) this.#local.publish(message);
  }

  async #again(): Promise<void> {
    this.#client = null;
    this.#outbox = [];
    while (!this.#stop.signal.aborted) {
      try {
        await pause(AGAIN_MS, undefined, { signal: this.#stop.signal });
        await this.#connect();
        return this.publish({ type: 'gap' });
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#log.warn({ err: error }, 'Postgres does not answer; news between processes wait');
      }
    }
  }
}
