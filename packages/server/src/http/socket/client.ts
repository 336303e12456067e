/** One connection: which tasks it follows, how events are sent, and what happens if it is slow. */
import type { Caller, ChangedList, Language, ServerNotice } from '@limner/contract';
import type { WebSocket } from 'ws';
import { seesEverything } from '../../access.ts';
import { invalid } from '../parse.ts';
import { type Packed, packNotice } from './packed.ts';

/** Above this, progress events are dropped, because the next one contains the same and more. */
const SLOW_BYTES = 256 * 1024;
/** Above this, the connection is closed. The client reconnects with `since` and loses nothing. */
const LOST_BYTES = 8 * 1024 * 1024;

/** Maximum number of tasks followed by id; for more there is `all`. */
const MAX_FOLLOWED = 10_000;
const TOO_MANY = {
  en: `are more than ${MAX_FOLLOWED} in one connection. Follow "all" instead`,
  zh: `单个连接不能超过 ${MAX_FOLLOWED} 个；请改为订阅 "all"`,
};

export const TRY_AGAIN_LATER = 1013;

/** Clients of Limner subscribe at once. One that is silent for longer gets everything. */
const SILENT_MS = 1_000;

export class SocketClient {
  readonly caller: Caller;
  readonly #socket: WebSocket;
  readonly #language: Language;
  readonly #tasks = new Set<number>();
  #followsAll = false;
  #hasAsked = false;
  /** Live events held until the events before the subscription are sent; null if none is expected or in progress. */
  #held: { packed: Packed; isProgress: boolean }[] | null = null;
  /** True if it answered the last ping. */
  isAlive = true;
  followsLists = false;

  constructor(caller: Caller, socket: WebSocket, language: Language) {
    this.caller = caller;
    this.#socket = socket;
    this.#language = language;
  }

  get language(): Language {
    return this.#language;
  }

  follow(tasks: 'all' | number[]): void {
    if (tasks === 'all') this.#followsAll = true;
    else if (this.#tasks.size + tasks.length > MAX_FOLLOWED) throw invalid('tasks', TOO_MANY);
    else for (const id of tasks) this.#tasks.add(id);
  }

  unfollow(tasks: 'all' | number[]): void {
    this.#hasAsked = true;
    if (tasks === 'all') {
      this.#followsAll = false;
      this.#tasks.clear();
    } else for (const id of tasks) this.#tasks.delete(id);
    this.release(new Map());
  }

  /**
   * Holds events until the client subscribes. One that does not is a client of the asset generator's document, which only
   * connects and expects every event.
   */
  greet(): void {
    this.#held = [];
    setTimeout(() => {
      if (this.#hasAsked) return;
      this.#followsAll = true;
      this.release(new Map());
    }, SILENT_MS).unref();
  }

  hold(): void {
    this.#hasAsked = true;
    this.#held ??= [];
  }

  /** @param sent greatest version per task that was sent while events were held */
  release(sent: ReadonlyMap<number, number>): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const { packed, isProgress } of held) {
      const { id, version, deleted } = packed.event;
      if (deleted || version > (sent.get(id) ?? 0)) this.deliver(packed, isProgress);
    }
  }

  deliver(packed: Packed, isProgress: boolean): void {
    if (this.#held) this.#held.push({ packed, isProgress });
    else if (!this.#follows(packed.event.id)) return;
    else if (!isProgress || this.#socket.bufferedAmount < SLOW_BYTES) this.send(packed.in(this.#language));
  }

  /** Events do not name the task's owner, so only callers who see everything get them. */
  #follows(id: number): boolean {
    return seesEverything(this.caller) && (this.#followsAll || this.#tasks.has(id));
  }

  /** Another client changed a list. */
  announce(list: ChangedList): void {
    if (this.followsLists && seesEverything(this.caller)) this.notice({ type: 'changed', list });
  }

  notice(notice: ServerNotice): void {
    this.send(packNotice(notice));
  }

  send(message: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > LOST_BYTES)
      this.#socket.close(TRY_AGAIN_LATER, 'too slow; come back with since');
    else this.#socket.send(message, { binary: false });
  }

  /** The client reconnects with `since` and loses nothing. */
  askBack(): void {
    this.#socket.close(TRY_AGAIN_LATER, 'events were lost; come back with since');
  }

  /** Terminates a connection that did not answer the last ping, and sends a new ping. */
  check(): void {
    if (!this.isAlive) {
      this.#socket.terminate();
      return;
    }
    this.isAlive = false;
    this.#socket.ping();
  }
}
