/**
 * Why the socket does not open: a browser does not say. A POST to its address carries the page's Origin, as the handshake
 * does, and Limner refuses it by the same rules and then by its method.
 */
import { errorOf, StudioError } from '@limner/contract';
import { BASE } from './base.ts';

/** null if nothing answers. */
export async function socketProblem(): Promise<StudioError | null> {
  const answer = await fetch(`${BASE}/ws`, { method: 'POST' }).catch(() => null);
  if (!answer) return null;
  const refusal = await errorOf(answer);
  return refusal.code === 'method_not_allowed' ? new StudioError('proxy_without_sockets') : refusal;
}

/** Limner itself answers, so tasks can be asked for. */
export const isLimnerThere = ({ code }: StudioError): boolean =>
  code === 'proxy_without_sockets' || code === 'origin_refused';
