/**
 * All connections. The bus is listened to once; an event is paced once, packed once and handed to every client that
 * follows its task, so that 500 clients cost 500 writes and nothing more.
 *
 * A subscription leaves no gap: the client first follows its tasks, with live events held back; then what the rows say
 * is sent; then what was held, unless the rows already said it. Versions decide.
 */
import { type ClientMessage, ClientMessage as Message, type TaskEvent } from '@limner/contract';
import { toStudioError } from '../../error.ts';
import type { Studio } from '../../studio.ts';
import { invalid, parse } from '../parse.ts';
import type { SocketClient } from './client.ts';
import { Pacer } from './pacer.ts';
import { Packed } from './packed.ts';

const HEARTBEAT_MS = 30_000;

export class SocketHub {
  readonly #clients = new Set<SocketClient>();
  readonly #tasks: Pick<Studio['tasks'], 'snapshot'>;
  readonly #pacer = new Pacer((event, isProgress) => this.#tell(event, isProgress));
  readonly #heartbeat: NodeJS.Timeout;
  readonly #stopListening: () => void;

  constructor({ tasks, bus }: Pick<Studio, 'tasks' | 'bus'>) {
    this.#tasks = tasks;
    this.#stopListening = bus.subscribe((message) => {
      if (message.type === 'event') this.#pacer.push(message.event);
    });
    this.#heartbeat = setInterval(() => this.checkAll(), HEARTBEAT_MS).unref();
  }

  add(client: SocketClient): void {
    this.#clients.add(client);
  }

  remove(client: SocketClient): void {
    this.#clients.delete(client);
  }

  checkAll(): void {
    for (const client of this.#clients) client.check();
  }

  #tell(event: TaskEvent, isProgress: boolean): void {
    if (this.#clients.size === 0) return;
    const packed = new Packed(event);
    for (const client of this.#clients) client.tell(packed, isProgress);
  }

  /** What a client says. Never throws: a refusal is told to the client. */
  async hear(client: SocketClient, text: string): Promise<void> {
    try {
      await this.#obey(client, parse(Message, json(text), 'message'));
    } catch (error) {
      client.notice({ type: 'error', error: toStudioError(error).body(client.language) });
    }
  }

  async #obey(client: SocketClient, message: ClientMessage): Promise<void> {
    if (message.type === 'ping') client.notice({ type: 'pong' });
    else if (message.type === 'unsubscribe') client.unfollow(message.tasks);
    else await this.#subscribe(client, message.tasks, message.since);
  }

  async #subscribe(client: SocketClient, tasks: 'all' | number[], since: number | undefined): Promise<void> {
    const sent = new Map<number, number>();
    client.hold();
    client.follow(tasks);
    try {
      for (const event of await this.#tasks.snapshot(tasks, since)) {
        sent.set(event.id, event.version);
        client.send(new Packed(event).in(client.language));
      }
    } finally {
      client.release(sent);
    }
    client.notice({ type: 'subscribed', version: Math.max(since ?? 0, ...sent.values()) });
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#heartbeat);
    this.#pacer.close();
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('message', { en: 'is not valid JSON', zh: '不是有效的 JSON' });
  }
}
