/**
 * Fetches a picture from a user's URL. Limner resolves the name and checks every address when it connects, so a name
 * that points to a private address, also only at the second lookup, is refused. Redirects are followed one by one with
 * the same check. The result is bytes; the reader checks that they are a picture.
 */
import type { Readable } from 'node:stream';
import { StudioError } from '@limner/contract';
import { type Agent, type Dispatcher, request } from 'undici';
import { AddressRefused, guardedAgent, unreachable } from '../net/guarded-agent.ts';
import { isPublicAddress } from '../net/public-address.ts';
import { fileTooLarge } from './receive.ts';

/** Until its head is here, and between two pieces of its body. */
const SILENCE_MS = 10_000;
const WHOLE_MS = 60_000;
const MOST_REDIRECTS = 5;

export interface RemotePicture {
  body: Readable;
  /** The file name in the URL. */
  name: string;
  /** What it means that reading the body ended in this. */
  failed(error: unknown): StudioError;
  close(): Promise<void>;
}

export interface RemoteOptions {
  limitBytes: number;
  /** Which addresses may be connected to. */
  isAllowed?: (address: string) => boolean;
}

/** @throws `url_refused`, `url_failed`, `file_too_large`, all with the field `url` */
export async function openRemotePicture(
  address: string,
  { limitBytes, isAllowed = isPublicAddress }: RemoteOptions,
): Promise<RemotePicture> {
  const agent = guardedAgent(isAllowed);
  const signal = AbortSignal.timeout(WHOLE_MS);
  let url = new URL(address);
  try {
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      const answer = await ask(url, agent, signal);
      const next = redirect(answer, url);
      if (!next) {
        checkHead(answer, url, limitBytes);
        const from = url;
        return {
          body: answer.body,
          name: nameOf(from),
          failed: (error) => whyNot(error, from),
          close: () => agent.destroy(),
        };
      }
      await answer.body.dump();
      url = next;
    }
    throw failed(url, { en: 'it redirects too often', zh: '重定向次数过多' });
  } catch (error) {
    await agent.destroy();
    throw error instanceof StudioError ? error : whyNot(error, url);
  }
}

function ask(url: URL, dispatcher: Agent, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  // Credentials in a URL are not sent.
  const target = Object.assign(new URL(url), { username: '', password: '' });
  return request(target, {
    dispatcher,
    signal,
    headers: { accept: 'image/*,*/*;q=0.5', 'user-agent': 'Limner' },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
  });
}

function redirect({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | null {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(statusCode) || typeof location !== 'string') return null;
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (next?.protocol === 'http:' || next?.protocol === 'https:') return next;
  throw failed(from, {
    en: 'it redirects to an address that is not http or https',
    zh: '重定向到了非网页地址',
  });
}

function checkHead({ statusCode, headers }: Dispatcher.ResponseData, url: URL, limitBytes: number): void {
  if (statusCode !== 200)
    throw failed(url, { en: `it answered ${statusCode}`, zh: `对方返回 ${statusCode}` });
  if (Number(headers['content-length'] ?? 0) > limitBytes) throw fileTooLarge(limitBytes, 'url');
}

function whyNot(error: unknown, url: URL): StudioError {
  const reason = unreachable(error);
  if (reason instanceof AddressRefused)
    return new StudioError('url_refused', { data: { host: url.hostname }, field: 'url', cause: error });
  return failed(url, reason, error);
}

const failed = (url: URL, reason: { en: string; zh: string }, cause?: unknown): StudioError =>
  new StudioError('url_failed', { data: { host: url.host, reason }, field: 'url', cause });

function nameOf(url: URL): string {
  const last = url.pathname.split('/').filter(Boolean).at(-1) ?? url.hostname;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
