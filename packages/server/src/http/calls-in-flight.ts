/**
 * Calls over HTTP in revisions before 2026-07-28. Their clients cancel a call by a message of its own, which names it by
 * the client's number for it. Only the session tells whose number that is: clients get one from `initialize` and send it
 * with every request. Nothing else is kept for a session, so any is accepted. The message may reach another process than
 * the call, so all processes hear of it.
 */
import { randomUUID } from 'node:crypto';
import type { Caller } from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Bus } from '../bus/bus.ts';

const SESSION = 'mcp-session-id';

const RequestId = z.union([z.string().max(200), z.number()]);
const Call = z.object({ id: RequestId, method: z.literal('tools/call') });
const Cancellation = z.object({
  method: z.literal('notifications/cancelled'),
  params: z.object({ requestId: RequestId }),
});

export class CallsInFlight {
  readonly #calls = new Map<string, AbortController>();
  readonly #bus: Pick<Bus, 'publish' | 'subscribe'>;

  constructor(bus: Pick<Bus, 'publish' | 'subscribe'>) {
    this.#bus = bus;
    bus.subscribe('call-cancelled', ({ call }) =>
      this.#calls.get(call)?.abort(new Error('the client has cancelled the call')),
    );
  }

  /** Aborted when the client cancels the call in `message`; null for other messages, and without a session. */
  signalOf(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    message: unknown,
  ): AbortSignal | null {
    const call = Call.safeParse(message).data;
    const session = request.headers[SESSION];
    if (!call || typeof session !== 'string') return null;
    const key = keyOf(caller, session, call.id);
    const cancelled = new AbortController();
    this.#calls.set(key, cancelled);
    reply.raw.once('close', () => {
      if (this.#calls.get(key) === cancelled) this.#calls.delete(key);
    });
    return cancelled.signal;
  }

  /** Cancels the call that `message` names, if it is a cancellation; gives a session to a client that begins. */
  notice(request: FastifyRequest, reply: FastifyReply, caller: Caller, message: unknown): void {
    const session = request.headers[SESSION];
    if ((message as { method?: unknown } | null)?.method === 'initialize')
      reply.header(SESSION, randomUUID());
    const cancelled = Cancellation.safeParse(message).data;
    if (!cancelled || typeof session !== 'string') return;
    this.#bus.publish({ type: 'call-cancelled', call: keyOf(caller, session, cancelled.params.requestId) });
  }
}

const keyOf = (caller: Caller, session: string, id: z.output<typeof RequestId>): string =>
  JSON.stringify([caller.id, session, id]);
