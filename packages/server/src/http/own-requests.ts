/**
 * Requests of Limner to its own routes within this process. They pass the same schemas and checks as others, have the
 * caller of the request they are made for, and do not count for the rate limit, because that request did.
 */
import { randomUUID } from 'node:crypto';
import type { Caller } from '@limner/contract';
import type { FastifyInstance, FastifyRequest, InjectOptions } from 'fastify';

/** Carries an unguessable id, which is known only while its request runs. */
const HEADER = 'x-limner-own-request';

export class OwnRequests {
  readonly #callers = new Map<string, Caller>();

  /** undefined: it came over the network. */
  callerOf({ headers }: Pick<FastifyRequest, 'headers'>): Caller | undefined {
    const id = headers[HEADER];
    return typeof id === 'string' ? this.#callers.get(id) : undefined;
  }

  /** A `fetch` of paths. @param host the Host header of the request it is made for */
  fetchFor(app: FastifyInstance, caller: Caller, host: string): typeof fetch {
    return async (input, init) => {
      const request = new Request(new URL(String(input), 'http://limner'), init);
      request.signal.throwIfAborted();
      const id = randomUUID();
      this.#callers.set(id, caller);
      try {
        const { pathname, search } = new URL(request.url);
        const answer = await app.inject({
          method: request.method as InjectOptions['method'],
          url: pathname + search,
          headers: { ...Object.fromEntries(request.headers), host, [HEADER]: id },
          ...(request.body ? { payload: Buffer.from(await request.arrayBuffer()) } : {}),
        });
        request.signal.throwIfAborted();
        const body = answer.statusCode === 204 || answer.statusCode === 304 ? null : answer.rawPayload;
        return new Response(body && new Uint8Array(body), {
          status: answer.statusCode,
          headers: headersOf(answer.headers),
        });
      } finally {
        this.#callers.delete(id);
      }
    };
  }
}

function headersOf(headers: Record<string, string | string[] | number | undefined>): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all.set(name, String(value));
  return all;
}
