import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { watchTasks } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

const event = (id: number, version: number) => ({ id, version, status: 'running', frames: [] });

let baseUrl: string;
let server: WebSocketServer;
/** What a new connection sends after its subscription, by its number. */
let script: (socket: WebSocket, connection: number) => void;
let subscriptions: Record<string, unknown>[];
let http: ReturnType<typeof createServer>;

beforeEach(async () => {
  subscriptions = [];
  http = createServer();
  server = new WebSocketServer({ server: http, path: '/studio/ws' });
  server.on('connection', (socket) =>
    socket.on('message', (message) => {
      subscriptions.push(JSON.parse(String(message)));
      script(socket, subscriptions.length);
    }),
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}/studio/`;
});
afterEach(async () => {
  for (const socket of server.clients) socket.terminate();
  server.close();
  await new Promise((resolve) => http.close(resolve));
});

const sends = (socket: WebSocket, ...messages: object[]) => {
  for (const message of messages) socket.send(JSON.stringify(message));
};

describe('watching tasks', () => {
  it('goes on after a lost connection from the version it has, and drops old events', async () => {
    script = (socket, connection) => {
      if (connection === 1) {
        sends(socket, event(1, 5), event(2, 6), { type: 'subscribed', version: 6 }, event(1, 7));
        socket.close();
      } else sends(socket, event(1, 7), event(1, 9));
    };
    const versions: number[] = [];
    for await (const { version } of watchTasks({ baseUrl, tasks: [1, 2], since: 0, WebSocket })) {
      versions.push(version);
      if (version === 9) break;
    }
    expect(versions).toEqual([5, 6, 7, 9]);
    expect(subscriptions).toEqual([
      { type: 'subscribe', tasks: [1, 2], since: 0 },
      { type: 'subscribe', tasks: [1, 2], since: 7 },
    ]);
  });

  it('closes its connection when the loop is left or the signal is aborted', async () => {
    script = (socket) => sends(socket, event(1, 1));
    for await (const _ of watchTasks({ baseUrl, WebSocket })) break;
    await expect.poll(() => server.clients.size).toBe(0);
    const stop = new AbortController();
    for await (const _ of watchTasks({ baseUrl, WebSocket, signal: stop.signal })) stop.abort();
    await expect.poll(() => server.clients.size).toBe(0);
  });

  it('throws what the server refuses, and when there is no server', async () => {
    script = (socket) =>
      sends(socket, { type: 'error', error: { code: 'invalid_request', message: '', field: 'tasks' } });
    const first = (url: string) => watchTasks({ baseUrl: url, WebSocket }).next();
    await expect(first(baseUrl)).rejects.toMatchObject({ code: 'invalid_request', field: 'tasks' });
    await expect(first('http://127.0.0.1:9')).rejects.toThrow('No connection to ws://127.0.0.1:9/ws');
  });
});
