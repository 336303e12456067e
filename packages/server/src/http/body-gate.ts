/**
 * Bounds the bytes of bodies that are held in memory at once, for routes whose bodies may hold pictures as base64. A
 * request waits before its body is read, so what waits stays with the client.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Gate } from '../gate.ts';
import { JSON_LIMIT_BYTES } from './errors.ts';

/** Of this process; parsing and decoding take about three times as much. */
const bodies = new Gate(48 * 1024 ** 2);

/** A client that holds room and sends nothing for this long is cut off, so that others can send. */
const STALL_MS = 10_000;

/**
 * Resolves when there is room, with the function that gives the room back: to be called when the body is let go. The end
 * of the connection does it too.
 */
export async function heldBody(
  request: Pick<FastifyRequest, 'headers' | 'raw' | 'server'>,
  reply: Pick<FastifyReply, 'raw'>,
  limitBytes: number,
): Promise<() => void> {
  const weight = bodyBytes(request, limitBytes);
  if (weight <= JSON_LIMIT_BYTES) return () => {};
  const { socket } = request.raw;
  // What waits is not read, so its connection is silent.
  socket.setTimeout(0);
  const leave = await bodies.enter(weight);
  socket.setTimeout(STALL_MS);
  request.raw.once('end', () => socket.setTimeout(request.server.server.timeout));
  // The client may have gone while this waited.
  if (reply.raw.closed) leave();
  else reply.raw.once('close', leave);
  return leave;
}

/** Of a multipart body nothing is held: its files are streamed. */
function bodyBytes({ headers }: Pick<FastifyRequest, 'headers'>, limitBytes: number): number {
  if (headers['content-type']?.startsWith('multipart/')) return 0;
  const stated = Number(headers['content-length']);
  return Number.isFinite(stated) ? Math.min(stated, limitBytes) : limitBytes;
}
