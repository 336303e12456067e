/** `/ws`: news of tasks. Host and Origin were checked by the guard before the handshake reaches this route. */
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { Studio } from '../studio.ts';
import { askedLanguage } from './language.ts';
import { SocketClient, TRY_AGAIN_LATER } from './socket/client.ts';
import { SocketHub } from './socket/hub.ts';

const MAX_MESSAGE_BYTES = 64 * 1024;
/** Messages of one client that may wait; more is no use that we know. */
const MAX_WAITING = 32;
const GOING_AWAY = 1001;

export async function socketRoutes(
  app: FastifyInstance,
  studio: Pick<Studio, 'tasks' | 'bus' | 'log'>,
): Promise<void> {
  // Compression would cost memory per connection and time per message; events are small.
  await app.register(websocket, { options: { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false } });
  const hub = new SocketHub(studio);

  app.get('/ws', { websocket: true }, (socket, request) => {
    const client = new SocketClient(socket, askedLanguage(request));
    hub.add(client);
    let waiting = 0;
    // One after the other: a subscription is complete before the next message counts.
    let last = Promise.resolve();
    socket.on('message', (data) => {
      if (++waiting > MAX_WAITING) return socket.close(TRY_AGAIN_LATER, 'too many messages at once');
      last = last.then(() => hub.hear(client, String(data))).finally(() => waiting--);
    });
    socket.on('pong', () => {
      client.isAlive = true;
    });
    socket.on('error', (error) => studio.log.debug({ err: error }, 'a socket failed'));
    socket.on('close', () => hub.remove(client));
  });

  app.addHook('preClose', async () => {
    hub.close();
    for (const socket of app.websocketServer.clients) socket.close(GOING_AWAY, 'Limner is stopping');
  });
}
