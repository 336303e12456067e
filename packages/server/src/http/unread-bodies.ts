/**
 * A refusal is sent once its request has arrived, whose rest is dropped. Unread, it would block the next request of its
 * connection, and many clients read no answer before they have sent everything: where they asked to close the connection
 * (Python's urllib does), Node would close it under them, and they would see a broken pipe.
 */
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { FastifyInstance } from 'fastify';

/** Whoever sends for longer is answered meanwhile. nginx's `lingering_time` is longer, and counts after its answer. */
const PATIENCE_MS = 10_000;

export function readRefusedBodies(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    if (reply.statusCode >= 400) await arrived(request.raw);
  });
}

async function arrived(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  request.unpipe();
  request.resume();
  await finished(request, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => undefined);
}
