/**
 * All connections. There is one bus subscription; an event is paced once, serialised once and sent to every client that
 * follows its task, so 500 clients cost only 500 writes.
 *
 * A subscription leaves no gap: live events of the client's tasks are held first; then the state from the rows is sent;
 * then the held events with a newer version than the rows.
 */
import {
  type ChangedList,
  type ClientMessage,
  ClientMessage as Message,
  type TaskEvent,
} from '@limner/contract';
import type { Bus } from '../../bus/bus.ts';
import { toStudioError } from '../../error.ts';
import type { Logger } from '../../log.ts';
import type { Desk } from '../../studio/desk.ts';
import type { WriteJson } from '../base-path.ts';
import { invalid, parse } from '../parse.ts';
import type { SocketClient } from './client.ts';
import { Pacer } from './pacer.ts';
import { Packed } from './packed.ts';

const HEARTBEAT_MS = 30_000;

export class SocketHub {
  readonly #clients = new Set<SocketClient>();
  readonly #tasks: Pick<Desk['tasks'], 'snapshot'>;
  readonly #bus: Bus;
  readonly #log: Logger;
  readonly #write: WriteJson;
  readonly #pacer = new Pacer((event, isProgress) => this.#broadcast(event, isProgress));
  readonly #heartbeat: NodeJS.Timeout;
  #listening: (() => void)[] = [];

  constructor({ tasks, bus, log }: Pick<Desk, 'tasks' | 'bus' | 'log'>, write: WriteJson) {
    this.#write = write;
    this.#tasks = tasks;
    this.#bus = bus;
    this.#log = log;
    this.#heartbeat = setInterval(() => this.checkAll(), HEARTBEAT_MS).unref();
  }

  add(client: SocketClient): void {
    this.#clients.add(client);
    client.greet();
    // Subscribed only while there are clients, so that events without a receiver are not made.
    if (this.#listening.length > 0) return;
    this.#listening = [
      this.#bus.subscribe('event', ({ event }) => this.#pacer.push(event)),
      this.#bus.subscribe('changed', ({ list }) => this.#announce(list)),
      this.#bus.subscribe('gap', () => this.#askBack()),
    ];
  }

  remove(client: SocketClient): void {
    this.#clients.delete(client);
    if (this.#clients.size === 0) this.#stop();
  }

  #stop(): void {
    for (const stop of this.#listening.splice(0)) stop();
    this.#pacer.close();
  }

  checkAll(): void {
    for (const client of this.#clients) client.check();
  }

  #broadcast(event: TaskEvent, isProgress: boolean): void {
    const packed = new Packed(event, this.#write);
    for (const client of this.#clients) client.deliver(packed, isProgress);
  }

  #announce(list: ChangedList): void {
    for (const client of this.#clients) client.announce(list);
  }

  /** Events may have been lost. Clients that reconnect with `since` get the state of the rows. */
  #askBack(): void {
    for (const client of this.#clients) client.askBack();
  }

  /** Handles a client's message. Never throws: a refusal is sent to the client. */
  async receive(client: SocketClient, text: string): Promise<void> {
    try {
      await this.#obey(client, parse(Message, json(text), 'message'));
    } catch (error) {
      const refusal = toStudioError(error);
      if (refusal.code === 'internal')
        this.#log.error({ err: error, id: refusal.data.id }, 'a message failed');
      client.notice({ type: 'error', error: refusal.body(client.language) });
    }
  }

  async #obey(client: SocketClient, message: ClientMessage): Promise<void> {
    if (message.type === 'ping') client.notice({ type: 'pong' });
    else if (message.type === 'unsubscribe') client.unfollow(message.tasks);
    else {
      if (message.lists !== undefined) client.followsLists = message.lists;
      await this.#subscribe(client, message.tasks, message.since);
    }
  }

  async #subscribe(client: SocketClient, tasks: 'all' | number[], since: number | undefined): Promise<void> {
    const sent = new Map<number, number>();
    client.hold();
    try {
      client.follow(tasks);
      for (const event of await this.#tasks.snapshot(client.caller, tasks, since)) {
        sent.set(event.id, event.version);
        client.send(new Packed(event, this.#write).in(client.language));
      }
    } finally {
      client.release(sent);
    }
    client.notice({ type: 'subscribed', version: Math.max(since ?? 0, ...sent.values()) });
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#stop();
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('message', { en: 'is not valid JSON', zh: '不是有效的 JSON' });
  }
}
