/**
 * Determines the caller and checks access. Every route has `config.allowed`; the server does not start with a route
 * without it, so no route is open by mistake.
 */
import { type Allowed, type Caller, mayCall, type RequestOrigin, StudioError } from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    allowed?: Allowed;
  }
  interface FastifyRequest {
    /** Null: the request names no account. */
    caller: Caller | null;
  }
}

/** Determines who sent a request; null without an account. */
export type Identify = (request: FastifyRequest) => Promise<Caller | null>;

/** Call before routes are added. */
export function addCallers(app: FastifyInstance, identify: Identify): void {
  app.decorateRequest('caller', null);
  app.addHook('onRoute', ({ method, url, config }) => {
    // CORS answers OPTIONS for every address.
    if (method !== 'OPTIONS' && config?.allowed === undefined)
      throw new Error(`${method} ${url} does not say who may call it`);
  });
  app.addHook('onRequest', async (request) => {
    const caller = await identify(request);
    request.caller = caller && { ...caller, request: originOf(request) };
    const { allowed } = request.routeOptions.config;
    if (allowed !== undefined && !mayCall(request.caller, allowed))
      throw new StudioError(request.caller === null ? 'account_needed' : 'not_allowed');
  });
}

/** A request that Limner makes for another has the id and the trace of that. */
const originOf = ({ id, span }: FastifyRequest): RequestOrigin =>
  span.traceparent === null ? { id } : { id, trace: span.traceparent };

/** For routes that need an account. @throws StudioError `account_needed` */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new StudioError('account_needed');
  return caller;
}
