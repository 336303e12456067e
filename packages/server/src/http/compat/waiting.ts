/** Requests that are answered when their task has ended. */
import type { FastifyReply, FastifyRequest } from 'fastify';

const waiting = new WeakSet<FastifyRequest>();

/**
 * Aborted when the client closes the connection before its answer is sent, or when the server stops. The connection's
 * silence limit is lifted for this request: a queue may take longer.
 */
export function untilGone(request: FastifyRequest, reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  request.raw.socket.setTimeout(0);
  waiting.add(request);
  // `AbortSignal.any` would hold more than twice as much, and leave something at `stopping` for ever.
  const stop = () => gone.abort(stopping.reason);
  const closed = () => {
    stopping.removeEventListener('abort', stop);
    if (!reply.raw.writableFinished) gone.abort(new Error('the client has closed the connection'));
  };
  if (stopping.aborted) stop();
  else stopping.addEventListener('abort', stop, { once: true });
  if (reply.raw.closed) closed();
  else reply.raw.once('close', closed);
  return gone.signal;
}

/** The silence limit of the connection again: an answer that its client does not read must not stay open. */
export const limitSilence = (request: FastifyRequest): void => {
  if (waiting.delete(request)) request.raw.socket.setTimeout(request.server.server.timeout);
};

/** `https://studio.example/limner`, as the client reached Limner. A proxy may pass on any word as the protocol. */
export const ownAddress = ({ protocol, host }: FastifyRequest, basePath: string): string =>
  `${protocol === 'https' ? 'https' : 'http'}://${host}${basePath}`;
