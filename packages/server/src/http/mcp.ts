/**
 * `POST /mcp`: Limner's tools for programs that speak the Model Context Protocol. Their calls go to the native routes, with
 * the caller of the request.
 */
import { setMaxListeners } from 'node:events';
import { createClient, ErrorAnswer, type Route } from '@limner/contract';
import type { Studio } from '@limner/mcp';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Desk } from '../studio/desk.ts';
import { heldBody } from './body-gate.ts';
import { callerOf } from './caller.ts';
import { CallsInFlight } from './calls-in-flight.ts';
import { ownAddress, untilGone } from './compat/waiting.ts';
import { requestedLanguage } from './language.ts';
import type { OwnRequests } from './own-requests.ts';

/** Room for a picture of 10 MB as a data URL, beside the other arguments. */
const MAX_BODY_BYTES = 15 * 1024 ** 2;

/** Bodies are the protocol's own; it has a schema for each method. */
export const mcpRoute = {
  method: 'POST',
  path: '/mcp',
  tag: 'mcp',
  summary: 'One message of the Model Context Protocol (streamable HTTP)',
  allowed: 'user',
  body: z.looseObject({ jsonrpc: z.literal('2.0'), method: z.string() }),
  status: 200,
  response: z.looseObject({ jsonrpc: z.literal('2.0') }),
} as const satisfies Route;

/** By the protocol, or by Limner before the message is read. */
export const McpRefusal = z.union([
  z.object({
    jsonrpc: z.literal('2.0'),
    error: z.object({ code: z.number().int(), message: z.string() }),
    id: z.union([z.string(), z.number()]).nullable(),
  }),
  ErrorAnswer,
]);

/** `untilGone` listens here; nobody aborts it. */
const NEVER = new AbortController().signal;
// Every waiting request listens.
setMaxListeners(0, NEVER);

export async function mcpRoutes(
  app: FastifyInstance,
  own: OwnRequests,
  { bus, config, log, stopping, tasks }: Pick<Desk, 'bus' | 'config' | 'log' | 'stopping' | 'tasks'>,
): Promise<void> {
  const calls = new CallsInFlight(bus);
  const leaving = new WeakMap<FastifyRequest, () => void>();

  async function answer(asked: FastifyRequest, reply: FastifyReply): Promise<Response> {
    // Loaded at the first request, so that a start does not wait.
    const { answerMcp, keepPictures } = await import('@limner/mcp');
    const language = requestedLanguage(asked);
    const caller = callerOf(asked);
    const message = messageOf(asked);
    calls.notice(asked, reply, caller, message);
    const cancelled = calls.signalOf(asked, reply, caller, message);
    const request = webRequest(asked, message, untilGone(asked, reply, NEVER));
    const kept = await keepPictures(message, studioFor(asked, stopping), language);
    asked.body = undefined;
    leaving.get(asked)?.();
    return answerMcp(request, {
      version: config.version,
      language,
      message,
      maxBodyBytes: MAX_BODY_BYTES,
      studioOf: (closingCancels) => ({
        ...studioFor(asked, closingCancels ? stopping : AbortSignal.any([stopping, request.signal])),
        kept,
        ...(cancelled ? { cancelled } : {}),
      }),
      onError: (err) => log.debug({ err }, 'a request to /mcp was refused'),
    });
  }

  function studioFor(asked: FastifyRequest, leaving: AbortSignal): Studio {
    const send = own.fetchFor(app, callerOf(asked), asked.headers.host ?? '');
    const origin = ownAddress(asked, '');
    return {
      client: createClient({ fetch: send, language: () => requestedLanguage(asked) }),
      read: (url, signal) => send(url, { signal }),
      address: (url) => new URL(url, origin).href,
      ended: (id, signal) => tasks.whenEnded(callerOf(asked), id, signal),
      leaving,
    };
  }

  await app.register(async (scope) => {
    // The protocol has its own answers to bodies of another type, and to what is no JSON.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
      (_request, body, done) => done(null, body),
    );
    scope.route({
      method: mcpRoute.method,
      url: mcpRoute.path,
      config: { allowed: mcpRoute.allowed },
      preParsing: async (request, reply, payload) => {
        leaving.set(request, await heldBody(request, reply, MAX_BODY_BYTES));
        return payload;
      },
      handler: async (request, reply) => {
        const response = await answer(request, reply).finally(() => leaving.get(request)?.());
        // Whether the connection stays open is Node's to say: a client may have asked to close it.
        response.headers.delete('connection');
        // Pictures are private.
        response.headers.set('cache-control', 'no-store, no-transform');
        return reply.send(response);
      },
    });
  });
}

/** The body as JSON; undefined where it is none, which the protocol refuses itself. */
function messageOf({ headers, body }: FastifyRequest): unknown {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '') || !Buffer.isBuffer(body))
    return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Without its body where that was read as `message`. */
function webRequest(request: FastifyRequest, message: unknown, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, String(value));
  return new Request(`${ownAddress(request, '')}/mcp`, {
    method: request.method,
    headers,
    body: message === undefined ? (request.body as Buffer<ArrayBuffer> | undefined) : undefined,
    signal,
  });
}
