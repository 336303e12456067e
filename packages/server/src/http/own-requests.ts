/**
 * Requests of Limner to its own routes within this process. They pass the same schemas and checks as others, have the
 * caller of the request that they are made for, and do not count for the rate limit, because that request did.
 */

import { randomUUID } from 'node:crypto';
import type { Caller } from '@limner/contract';
import type { FastifyInstance, FastifyRequest, InjectOptions } from 'fastify';
import { unlessAborted } from '../unless-aborted.ts';
import { REQUEST_ID } from './request-id.ts';

/**
 * Has a random number that is known only inside this process and only while its request runs. A request from the network
 * with this header has a number that nobody knows, and is as one without.
 */
const HEADER = 'x-limner-own-request';

/** Answers without a body, which `Response` refuses to have one for. */
const BODILESS = new Set([204, 205, 304]);

export class OwnRequests {
  /** Of the running requests, by their number. */
  readonly #callers = new Map<string, Caller>();

  /** Whom a request of Limner is made for; undefined: it came over the network. */
  callerOf({ headers }: Pick<FastifyRequest, 'headers'>): Caller | undefined {
    const number = headers[HEADER];
    return typeof number === 'string' ? this.#callers.get(number) : undefined;
  }

  /**
   * A `fetch` of paths as clients write them below the base path. An abort ends the wait; the route may go on.
   * @param host the Host header of the request it is made for, which has passed the guard
   */
  fetchFor(app: FastifyInstance, caller: Caller, host: string): typeof fetch {
    return async (input, { method = 'GET', headers: sent, body, signal } = {}) => {
      signal?.throwIfAborted();
      const payload = await payloadOf(body ?? null);
      const { pathname, search } = new URL(String(input), 'http://limner');
      const number = randomUUID();
      this.#callers.set(number, caller);
      const answered = app
        .inject({
          method: method as InjectOptions['method'],
          url: pathname + search,
          headers: {
            ...payload?.headers,
            ...Object.fromEntries(new Headers(sent)),
            ...originHeaders(caller),
            host,
            [HEADER]: number,
          },
          ...(payload ? { payload: payload.bytes } : {}),
        })
        .finally(() => this.#callers.delete(number));
      const { statusCode, rawPayload, headers } = await (signal ? unlessAborted(answered, signal) : answered);
      const answer = BODILESS.has(statusCode) ? null : (rawPayload as Buffer<ArrayBuffer>);
      return new Response(answer, { status: statusCode, headers: headersOf(headers) });
    };
  }
}

/** The request goes on under the id and in the trace of the one that it is made for. */
const originHeaders = ({ request }: Caller): Record<string, string> => ({
  ...(request ? { [REQUEST_ID]: request.id } : {}),
  ...(request?.trace ? { traceparent: request.trace } : {}),
});

/** Not by `Request`, which costs as much as many a route. */
async function payloadOf(
  body: NonNullable<RequestInit['body']> | null,
): Promise<{ bytes: Buffer | string; headers: Record<string, string> } | null> {
  if (body === null) return null;
  if (typeof body === 'string') return { bytes: body, headers: {} };
  // A form, whose boundary is in its type.
  const encoded = new Response(body);
  return {
    bytes: Buffer.from(await encoded.arrayBuffer()),
    headers: Object.fromEntries(encoded.headers),
  };
}

function headersOf(headers: Record<string, string | string[] | number | undefined>): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const each of [value].flat()) if (each !== undefined) all.append(name, String(each));
  return all;
}
