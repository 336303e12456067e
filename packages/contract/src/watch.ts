/** Follows tasks over the socket, wherever there is a `WebSocket`: a browser, Node 22, or one that is given. */
import { StudioError } from './error.ts';
import type { ClientMessage, ServerNotice, TaskEvent } from './event.ts';

/** What of a `WebSocket` is used. One line for each event, as types of sockets have them. */
interface Socket {
  send(text: string): void;
  close(): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

export interface WatchOptions {
  /** For example `http://127.0.0.1:9000`. */
  baseUrl: string;
  /** Default: all. */
  tasks?: 'all' | number[];
  /** First sends what changed after this version; 0: everything about these tasks. Default: only what changes from now on. */
  since?: number;
  /** Ends the events. */
  signal?: AbortSignal;
  /** Where there is no global one: Node before 22 without `--experimental-websocket`. */
  WebSocket?: new (
    url: string,
  ) => Socket;
}

const PAUSE_MS = 1_000;

/**
 * Events of tasks in order, until `signal` is aborted or the loop is left. A lost connection is made anew, and what
 * changed meanwhile is sent first. @throws if the first connection cannot be made, or the server refuses the subscription
 */
export async function* watchTasks(options: WatchOptions): AsyncGenerator<TaskEvent, void> {
  const { baseUrl, tasks = 'all', signal } = options;
  const WebSocket = options.WebSocket ?? (globalThis as Pick<WatchOptions, 'WebSocket'>).WebSocket;
  if (!WebSocket) throw new TypeError('There is no WebSocket here: give one as an option.');
  const url = `${baseUrl.replace(/\/+$/, '').replace(/^http/, 'ws')}/ws`;
  const seen = new Map<number, number>();
  let since = options.since;
  for (let isFirst = true; !signal?.aborted; isFirst = false) {
    const socket = new WebSocket(url);
    const opened = () => send(socket, { type: 'subscribe', tasks, since });
    let isOpen = false;
    for await (const message of messagesOf(socket, opened, signal)) {
      isOpen = true;
      if ('type' in message) {
        if (message.type === 'error') throw new StudioError(message.error.code, message.error);
        if (message.type === 'subscribed') since = Math.max(since ?? 0, message.version);
        continue;
      }
      // Before its subscription arrives, a slow connection gets events of all tasks.
      if (tasks !== 'all' && !tasks.includes(message.id)) continue;
      if (message.version <= (seen.get(message.id) ?? -1)) continue;
      seen.set(message.id, message.version);
      since = Math.max(since ?? 0, message.version);
      yield message;
    }
    if (isFirst && !isOpen && !signal?.aborted) throw new TypeError(`No connection to ${url}`);
    await pause(signal);
  }
}

const send = (socket: Socket, message: ClientMessage): void => socket.send(JSON.stringify(message));

/** Until the connection ends. */
async function* messagesOf(
  socket: Socket,
  opened: () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<TaskEvent | ServerNotice, void> {
  const arrived: (TaskEvent | ServerNotice)[] = [];
  let isOver = false;
  let wake = () => {};
  const end = () => {
    isOver = true;
    wake();
  };
  socket.addEventListener('open', opened);
  socket.addEventListener('message', ({ data }) => {
    arrived.push(JSON.parse(String(data)));
    wake();
  });
  socket.addEventListener('close', end);
  // A `close` follows. The package ws throws an error that has no listener.
  socket.addEventListener('error', () => {});
  signal?.addEventListener('abort', end);
  try {
    while (!signal?.aborted) {
      const next = arrived.shift();
      if (next) yield next;
      else if (isOver) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal?.removeEventListener('abort', end);
    socket.close();
  }
}

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, PAUSE_MS);
    signal?.addEventListener('abort', done);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
