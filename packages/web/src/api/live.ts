/**
 * The one socket to the server. It subscribes to all tasks with the greatest version seen, so that after a lost
 * connection the server first tells everything that changed meanwhile. Events are handed on a dozen times a second, and
 * fewer while somebody types, in the order they came: two hundred a second then cost as much as twelve.
 */
import type { ChangedList, ServerNotice, TaskEvent } from '@limner/contract';
import { isTyping } from './typing.ts';

export type Connection = 'connecting' | 'open' | 'lost';

export interface LiveOptions {
  url: string;
  /** The greatest version held. */
  since: () => number;
  onEvents: (events: TaskEvent[]) => void;
  /** The server has told everything up to this version. */
  onCaughtUp: (version: number) => void;
  onConnection: (connection: Connection) => void;
  /** Somebody, perhaps in another window, changed what is no task. */
  onChanged: (list: ChangedList) => void;
}

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 8_000;
/** Proxies drop silent sockets; a ping also finds a connection that died without a word. */
const PING_EVERY_MS = 20_000;
const PONG_WITHIN_MS = 10_000;
/** Quick enough for a ring that fills, rare enough to leave the keyboard its share. */
const FLUSH_EVERY_MS = 80;
/** While somebody types, each key comes first: what is drawn between two keys makes the second wait. */
const FLUSH_WHILE_TYPING_MS = 400;
const HURRIED_PONG_MS = 3_000;

export class Live {
  private socket: WebSocket | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private heartbeat: ReturnType<typeof setInterval> | undefined;
  private pongTimer: ReturnType<typeof setTimeout> | undefined;
  private queue: TaskEvent[] = [];
  private flushing = false;
  private flushedMs = 0;
  private closed = false;
  private readonly options: LiveOptions;

  constructor(options: LiveOptions) {
    this.options = options;
  }

  open(): void {
    if (this.closed) return;
    const socket = new WebSocket(this.options.url);
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (message) => this.heard(String(message.data));
    socket.onclose = () => this.lost(socket);
  }

  /**
   * The browser is online again, or the tab is looked at: tries at once instead of waiting out the pause. A socket that
   * looks open may have died while the machine slept, so it is asked for a sign of life.
   */
  hurry(): void {
    if (this.closed) return;
    if (this.socket?.readyState === WebSocket.OPEN) this.ping(this.socket, HURRIED_PONG_MS);
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.open();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.quiet();
    this.socket?.close();
  }

  private opened(socket: WebSocket): void {
    this.pauseMs = FIRST_PAUSE_MS;
    // Having seen nothing at all is no reason to be told everything there ever was.
    const since = this.options.since() || undefined;
    socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all', since, lists: true }));
    this.options.onConnection('open');
    this.heartbeat = setInterval(() => this.ping(socket, PONG_WITHIN_MS), PING_EVERY_MS);
  }

  private ping(socket: WebSocket, pongWithinMs: number): void {
    socket.send('{"type":"ping"}');
    clearTimeout(this.pongTimer);
    this.pongTimer = setTimeout(() => this.giveUp(socket), pongWithinMs);
  }

  /** A dead connection does not answer its closing either, so that is not waited for. */
  private giveUp(socket: WebSocket): void {
    socket.onclose = null;
    socket.close();
    this.lost(socket);
  }

  private heard(text: string): void {
    clearTimeout(this.pongTimer);
    const message = JSON.parse(text) as TaskEvent | ServerNotice;
    if ('frames' in message) {
      this.queue.push(message);
      this.flushSoon();
    } else if (message.type === 'subscribed') {
      this.flush();
      this.options.onCaughtUp(message.version);
    } else if (message.type === 'changed') this.options.onChanged(message.list);
  }

  private flushSoon(): void {
    if (this.flushing) return;
    this.flushing = true;
    const pauseMs = isTyping() ? FLUSH_WHILE_TYPING_MS : FLUSH_EVERY_MS;
    setTimeout(() => this.flush(), Math.max(0, this.flushedMs + pauseMs - performance.now()));
  }

  private flush(): void {
    this.flushing = false;
    this.flushedMs = performance.now();
    if (this.queue.length === 0) return;
    const events = this.queue;
    this.queue = [];
    this.options.onEvents(events);
  }

  private lost(socket: WebSocket): void {
    if (this.closed || socket !== this.socket) return;
    this.quiet();
    this.options.onConnection('lost');
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.open();
    }, this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }

  private quiet(): void {
    clearInterval(this.heartbeat);
    clearTimeout(this.pongTimer);
  }
}
