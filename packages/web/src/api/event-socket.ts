/**
 * The one socket to the server. It subscribes to all tasks with the greatest version it has, so after a lost connection
 * the server first sends everything that changed. Events are passed on in batches, in order, about twelve times a
 * second, less often while the user types: two hundred events a second then cost as much as twelve.
 */
import type { ChangedList, ServerNotice, TaskEvent } from '@limner/contract';
import { isTyping } from './typing.ts';

/** `polling`: Limner answers, but the socket does not open. */
export type Connection = 'connecting' | 'open' | 'polling' | 'lost';

export interface EventSocketOptions {
  url: string;
  /** The greatest version that the page has. */
  since: () => number;
  onEvents: (events: TaskEvent[]) => void;
  /** The server has sent everything up to this version. */
  onCaughtUp: (version: number) => void;
  onOpen: () => void;
  /** `attempts`: how many in a row have not opened; 0 when an open connection was lost. */
  onLost: (attempts: number) => void;
  /** A list other than tasks has changed, perhaps in another window. */
  onChanged: (list: ChangedList) => void;
}

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 8_000;
/** Proxies close silent sockets; a ping also detects a dead connection. */
const PING_EVERY_MS = 20_000;
const PONG_WITHIN_MS = 10_000;
/** Often enough for a smooth progress ring, rarely enough to keep the keyboard responsive. */
const FLUSH_EVERY_MS = 80;
/** While the user types, batches are rarer, because drawing between two keys delays the second. */
const FLUSH_WHILE_TYPING_MS = 400;
const RECONNECT_PONG_MS = 3_000;

export class EventSocket {
  #socket: WebSocket | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #pongTimer: ReturnType<typeof setTimeout> | undefined;
  #queue: TaskEvent[] = [];
  #flushing = false;
  #flushedMs = 0;
  #closed = false;
  readonly #options: EventSocketOptions;

  constructor(options: EventSocketOptions) {
    this.#options = options;
  }

  open(): void {
    if (this.#closed) return;
    this.#attempts += 1;
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (message) => this.#heard(String(message.data));
    socket.onclose = () => this.#lost(socket);
  }

  /**
   * The browser is online again, or the tab became visible: reconnects at once instead of after the pause. A socket
   * that seems open may have died while the machine slept, so it is pinged.
   */
  reconnectNow(): void {
    if (this.#closed) return;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#ping(this.#socket, RECONNECT_PONG_MS);
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.open();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#quiet();
    this.#socket?.close();
  }

  #opened(socket: WebSocket): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#attempts = 0;
    // Without a version it does not ask for the whole history.
    const since = this.#options.since() || undefined;
    socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all', since, lists: true }));
    this.#options.onOpen();
    this.#heartbeat = setInterval(() => this.#ping(socket, PONG_WITHIN_MS), PING_EVERY_MS);
  }

  #ping(socket: WebSocket, pongWithinMs: number): void {
    socket.send('{"type":"ping"}');
    clearTimeout(this.#pongTimer);
    this.#pongTimer = setTimeout(() => this.#giveUp(socket), pongWithinMs);
  }

  /** A dead connection does not answer a close frame, so it is not awaited. */
  #giveUp(socket: WebSocket): void {
    socket.onclose = null;
    socket.close();
    this.#lost(socket);
  }

  #heard(text: string): void {
    clearTimeout(this.#pongTimer);
    const message = JSON.parse(text) as TaskEvent | ServerNotice;
    if ('frames' in message) {
      this.#queue.push(message);
      this.#flushSoon();
    } else if (message.type === 'subscribed') {
      this.#flush();
      this.#options.onCaughtUp(message.version);
    } else if (message.type === 'changed') this.#options.onChanged(message.list);
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    const pauseMs = isTyping() ? FLUSH_WHILE_TYPING_MS : FLUSH_EVERY_MS;
    setTimeout(() => this.#flush(), Math.max(0, this.#flushedMs + pauseMs - performance.now()));
  }

  #flush(): void {
    this.#flushing = false;
    this.#flushedMs = performance.now();
    if (this.#queue.length === 0) return;
    const events = this.#queue;
    this.#queue = [];
    this.#options.onEvents(events);
  }

  #lost(socket: WebSocket): void {
    if (this.#closed || socket !== this.#socket) return;
    this.#quiet();
    this.#options.onLost(this.#attempts);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.open();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #quiet(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#pongTimer);
  }
}
