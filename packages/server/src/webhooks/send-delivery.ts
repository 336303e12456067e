/** One try of one delivery: a signed POST to an address that a user named. Redirects are not followed. */
import { StudioError } from '@limner/contract';
import { type Agent, request } from 'undici';
import { AddressRefused, unreachable } from '../net/guarded-agent.ts';
import { signatureOf } from './signature.ts';

/** Until the head of the answer, and for the little of its body that is read. */
const SILENCE_MS = 10_000;
/** Of the answer; nothing in it counts but its status. */
const ANSWER_BYTES = 64 * 1024;

export interface Message {
  id: string;
  /** Seconds since 1970. */
  seconds: number;
  body: string;
}

export type Outcome =
  | { result: 'delivered'; httpStatus: number; error: null }
  | { result: 'again' | 'refused' | 'gone'; httpStatus: number | null; error: StudioError };

export async function sendDelivery(
  { url, secret }: { url: string; secret: string },
  { id, seconds, body }: Message,
  dispatcher: Agent,
): Promise<Outcome> {
  const host = new URL(url).host;
  try {
    const answer = await request(url, {
      dispatcher,
      method: 'POST',
      body,
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
      signal: AbortSignal.timeout(2 * SILENCE_MS),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Limner-Webhooks',
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signatureOf(secret, id, seconds, body),
      },
    });
    await answer.body.dump({ limit: ANSWER_BYTES }).catch(() => {});
    return outcomeOf(answer.statusCode, host);
  } catch (cause) {
    const reason = unreachable(cause);
    if (reason instanceof AddressRefused)
      return {
        result: 'refused',
        httpStatus: null,
        error: new StudioError('webhook_refused', { data: { host } }),
      };
    return {
      result: 'again',
      httpStatus: null,
      error: new StudioError('webhook_failed', { data: { host, reason }, cause }),
    };
  }
}

function outcomeOf(httpStatus: number, host: string): Outcome {
  if (httpStatus >= 200 && httpStatus < 300) return { result: 'delivered', httpStatus, error: null };
  if (httpStatus === 410)
    return { result: 'gone', httpStatus, error: new StudioError('webhook_gone', { data: { host } }) };
  const reason = { en: `it answered ${httpStatus}`, zh: `对方返回 ${httpStatus}` };
  return {
    result: 'again',
    httpStatus,
    error: new StudioError('webhook_failed', { data: { host, reason } }),
  };
}
