/** HTTP to one ComfyUI server: keep-alive connections, credentials, and a code for every failure. */

import type { Readable } from 'node:stream';
import { StudioError } from '@limner/contract';
import { Agent, type Dispatcher, errors, request } from 'undici';
import type { ComfyAddress } from './client-address.ts';
import {
  answerTooLarge,
  authRefused,
  engineFailed,
  notResponding,
  type ServerName,
  shown,
  unreachable,
} from './client-errors.ts';
import { ANSWER_TIMEOUT_MS, CONNECT_TIMEOUT_MS, MAX_TEXT_BYTES, WHOLE_ANSWER_MS } from './client-limits.ts';
import { toJson } from './json.ts';

export interface Call {
  method?: 'GET' | 'HEAD' | 'POST';
  query?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** `sizeBytes`: of a stream. */
  raw?: { body: Buffer | Readable; contentType: string; sizeBytes?: number };
  signal?: AbortSignal | undefined;
  /** From the request to the end of the answer. */
  deadlineMs?: number;
  /** Largest body that is read as text. */
  maxBytes?: number;
  /** A 403 is the route's own answer, not one about credentials. */
  mayForbid?: boolean;
}

export interface Answer {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  /** Fails with the contract's errors; ends with the call's signal and deadline. */
  body: AsyncGenerator<Buffer>;
  /** Discards an unread body. */
  discard(): void;
}

export class ComfyHttp {
  readonly #address: ComfyAddress;
  readonly server: ServerName;
  readonly #agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });

  constructor(address: ComfyAddress, server: ServerName) {
    this.#address = address;
    this.server = server;
  }

  /** Any status except those of credentials and proxies. */
  async call(path: string, options: Call = {}): Promise<Answer> {
    const { method = 'GET', query, json, raw, signal, deadlineMs = WHOLE_ANSWER_MS } = options;
    const contentType = raw?.contentType ?? (json === undefined ? undefined : 'application/json');
    const headers = {
      ...this.#address.headers,
      ...(contentType ? { 'content-type': contentType } : {}),
      ...(raw?.sizeBytes === undefined ? {} : { 'content-length': String(raw.sizeBytes) }),
    };
    const deadline = AbortSignal.timeout(deadlineMs);
    const failure = (error: unknown) => this.#transportError(error, deadline, signal);
    const idleMs = Math.min(ANSWER_TIMEOUT_MS, deadlineMs);
    const answer = await request(this.#address.http(path, query), {
      dispatcher: this.#agent,
      method,
      headers,
      body: raw?.body ?? (json === undefined ? null : toJson(json)),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      headersTimeout: raw ? deadlineMs : idleMs,
      bodyTimeout: idleMs,
    }).catch((error: unknown) => {
      throw failure(error);
    });
    const { body, headers: answered, statusCode: status } = answer;
    // A body that fails before it is read must not crash the process.
    body.on('error', () => {});
    // Small bodies are read to their end, so that the connection can be reused.
    const discard = () => void body.dump().catch(() => {});
    const isOwn = status === 403 && options.mayForbid === true;
    const refusal = isOwn ? undefined : this.#refusedOnTheWay(status, answered.location);
    if (!refusal) return { status, headers: answered, body: chunksOf(body, failure), discard };
    discard();
    throw refusal;
  }

  /** The parsed body of a 200; any other answer is not from a ComfyUI. */
  async json(path: string, options: Call = {}): Promise<unknown> {
    const answer = await this.call(path, options);
    if (answer.status === 200) return this.parse(await this.text(answer, options.maxBytes));
    answer.discard();
    throw this.unexpected(answer.status);
  }

  /** For routes that answer 200 without a body. */
  async post(path: string, json: unknown, signal?: AbortSignal): Promise<void> {
    const answer = await this.call(path, { method: 'POST', json, signal });
    await this.text(answer);
    if (answer.status >= 300) throw this.unexpected(answer.status);
  }

  /** @throws StudioError `engine_answer_too_large` as soon as more than `maxBytes` have come */
  async text(answer: Answer, maxBytes = MAX_TEXT_BYTES): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.limited(answer.body, maxBytes)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }

  /** The same bytes, up to a limit. Ending the iteration early closes the connection. */
  async *limited(body: AsyncGenerator<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
    let sizeBytes = 0;
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw answerTooLarge(this.server, maxBytes);
      yield chunk;
    }
  }

  parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw engineFailed(this.server, {
        en: 'what answers at this address is not ComfyUI',
        zh: '该地址上的服务不是 ComfyUI',
      });
    }
  }

  unexpected(status: number): StudioError {
    if (status === 502 || status === 503 || status === 504)
      return unreachable(this.server, new Error(`HTTP ${status}`));
    return engineFailed(this.server, { en: `it answered HTTP ${status}`, zh: `返回了 HTTP ${status}` });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #refusedOnTheWay(status: number, location: string | string[] | undefined): StudioError | undefined {
    if (status === 401 || status === 403 || status === 407) return authRefused(this.server);
    if (status < 300 || status >= 400 || status === 304) return undefined;
    const host = shown(hostOf(String(location ?? ''), this.server.url));
    return engineFailed(this.server, {
      en: `it redirects to ${host}; use that address, or give the credentials its proxy asks for`,
      zh: `它重定向到 ${host}，请改用该地址，或填写代理所需的凭据`,
    });
  }

  #transportError(error: unknown, deadline: AbortSignal, signal?: AbortSignal): unknown {
    if (signal?.aborted) return signal.reason;
    if (error instanceof StudioError) return error;
    return deadline.aborted || isTimeout(error)
      ? notResponding(this.server, error)
      : unreachable(this.server, error);
  }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError;

/** Ending the iteration early destroys the body. */
async function* chunksOf(body: Readable, failure: (error: unknown) => unknown): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk as Buffer;
  } catch (error) {
    throw failure(error);
  }
}

const hostOf = (location: string, base: string): string => {
  try {
    const url = new URL(location, base);
    return `${url.protocol}//${url.host}`;
  } catch {
    return '?';
  }
};

/** The port is closed: the process ended, and its queue with it. */
export function connectionRefused(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ((at as NodeJS.ErrnoException).code === 'ECONNREFUSED') return true;
  }
  return false;
}
