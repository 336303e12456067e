/** `/ws`: news of tasks. Host and Origin were checked by the guard before the handshake reaches this route. */
import websocket from '@fastify/websocket';
import { StudioError } from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { Desk } from '../studio/desk.ts';
import { jsonWriter } from './base-path.ts';
import { callerOf } from './caller.ts';
import { requestedLanguage } from './language.ts';
import { SocketClient, TRY_AGAIN_LATER } from './socket/client.ts';
import { SocketHub } from './socket/hub.ts';

const MAX_MESSAGE_BYTES = 64 * 1024;
/** Maximum number of waiting messages of one client. */
const MAX_WAITING = 32;
const GOING_AWAY = 1001;

/** How long a client may take to answer the close frame. */
const GOODBYE_MS = 1000;

/**
 * Registered before the guard, so that the connection of a refused handshake is closed with the answer. Otherwise it
 * would stay open until the client closes it.
 */
export async function addWebSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    // Events are small, so compression would only cost memory and time.
    options: { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false },
    // A protocol error of a client is not a server error.
    errorHandler: (error, socket, request) => {
      request.log.debug({ err: error }, 'a socket failed');
      socket.terminate();
    },
    preClose: (done: () => void) => {
      const { clients } = app.websocketServer;
      for (const socket of clients) socket.close(GOING_AWAY, 'Limner is stopping');
      setTimeout(() => {
        for (const socket of clients) socket.terminate();
      }, GOODBYE_MS).unref();
      done();
    },
  });
}

export function socketRoutes(
  app: FastifyInstance,
  studio: Pick<Desk, 'tasks' | 'bus' | 'log' | 'config' | 'sockets'>,
): void {
  const hub = new SocketHub(studio, jsonWriter(studio.config.basePath));
  app.addHook('preClose', async () => hub.close());

  const listen = (socket: WebSocket, request: FastifyRequest) => {
    const client = new SocketClient(callerOf(request), socket, requestedLanguage(request));
    hub.add(client);
    studio.sockets.count += 1;
    let waiting = 0;
    // In order: a subscription is complete before the next message is handled.
    let last = Promise.resolve();
    socket.on('message', (data) => {
      if (++waiting > MAX_WAITING) return socket.close(TRY_AGAIN_LATER, 'too many messages at once');
      last = last.then(() => hub.receive(client, String(data))).finally(() => waiting--);
    });
    socket.on('pong', () => {
      client.isAlive = true;
    });
    socket.on('error', (error) => studio.log.debug({ err: error }, 'a socket failed'));
    socket.on('close', () => {
      hub.remove(client);
      studio.sockets.count -= 1;
    });
  };

  app.route({
    method: 'GET',
    url: '/ws',
    config: { allowed: 'user' },
    wsHandler: listen,
    handler: async (_request, reply) => {
      reply.header('upgrade', 'websocket');
      throw new StudioError('unsupported_body', {
        data: { expected: { en: 'a WebSocket', zh: 'WebSocket 连接' } },
      });
    },
  });
}
