/** HTTP to one ComfyUI server: connections kept open, credentials sent along, every way to fail given its code. */
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, request } from 'undici';
import { StudioError } from '../../../error.ts';
import type { ComfyAddress } from './client-address.ts';
import { authRefused, engineFailed, type ServerName, unreachable } from './client-errors.ts';

export interface Call {
  method?: 'GET' | 'HEAD' | 'POST';
  query?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  raw?: { body: Buffer; contentType: string };
  signal?: AbortSignal | undefined;
  /** Until the answer's head is here, and between two pieces of its body. */
  timeoutMs?: number;
}

export interface Answer {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  body: Dispatcher.ResponseData['body'];
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A busy machine that loads a model may take seconds to answer anything. */
const ANSWER_TIMEOUT_MS = 30_000;

export class ComfyHttp {
  private readonly agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });

  constructor(
    private readonly address: ComfyAddress,
    readonly server: ServerName,
  ) {}

  /** Any status but those that concern the way to the server: its credentials, its proxy. */
  async call(path: string, options: Call = {}): Promise<Answer> {
    const { method = 'GET', query, json, raw, signal, timeoutMs = ANSWER_TIMEOUT_MS } = options;
    const contentType = raw?.contentType ?? (json === undefined ? undefined : 'application/json');
    const headers = { ...this.address.headers, ...(contentType ? { 'content-type': contentType } : {}) };
    const answer = await request(this.address.http(path, query), {
      dispatcher: this.agent,
      method,
      headers,
      body: raw?.body ?? (json === undefined ? null : JSON.stringify(json)),
      signal: signal ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    }).catch((error: unknown) => {
      throw this.transportError(error, signal);
    });
    const refusal = this.refusedOnTheWay(answer.statusCode, answer.headers.location);
    if (refusal) {
      await answer.body.dump().catch(() => {});
      throw refusal;
    }
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  }

  /** The parsed body of a 200; anything else is not what a ComfyUI answers here. */
  async json(path: string, options: Call = {}): Promise<unknown> {
    const answer = await this.call(path, options);
    const text = await this.text(answer, options.signal);
    if (answer.status !== 200) throw this.unexpected(answer.status);
    return this.parse(text);
  }

  /** For routes that answer 200 and nothing. */
  async post(path: string, json: unknown, signal?: AbortSignal): Promise<void> {
    const answer = await this.call(path, { method: 'POST', json, signal });
    await this.text(answer, signal);
    if (answer.status >= 300) throw this.unexpected(answer.status);
  }

  async text(answer: Answer, signal?: AbortSignal): Promise<string> {
    return answer.body.text().catch((error: unknown) => {
      throw this.transportError(error, signal);
    });
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

  /** The body, with failures on the way turned into ours. */
  stream(body: Readable, signal?: AbortSignal): AsyncGenerator<Buffer> {
    // A body that breaks before anybody reads it must not take the process down.
    body.on('error', () => {});
    return this.chunks(body, signal);
  }

  private async *chunks(body: Readable, signal?: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of body) yield chunk as Buffer;
    } catch (error) {
      throw this.transportError(error, signal);
    }
  }

  unexpected(status: number): StudioError {
    if (status === 502 || status === 503 || status === 504)
      return unreachable(this.server, new Error(`HTTP ${status}`));
    return engineFailed(this.server, { en: `it answered HTTP ${status}`, zh: `返回了 HTTP ${status}` });
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private refusedOnTheWay(status: number, location: string | string[] | undefined): StudioError | undefined {
    if (status === 401 || status === 403 || status === 407) return authRefused(this.server);
    if (status < 300 || status >= 400 || status === 304) return undefined;
    const host = hostOf(String(location ?? ''), this.server.url);
    return engineFailed(this.server, {
      en: `it redirects to ${host}; use that address, or give the credentials its proxy asks for`,
      zh: `它重定向到 ${host}，请改用该地址，或填写代理所需的凭据`,
    });
  }

  private transportError(error: unknown, signal?: AbortSignal): unknown {
    if (signal?.aborted) return signal.reason;
    return error instanceof StudioError ? error : unreachable(this.server, error);
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

/** Nobody listens at the address: the process that held the queue is gone, and its queue with it. */
export function connectionRefused(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ((at as NodeJS.ErrnoException).code === 'ECONNREFUSED') return true;
  }
  return false;
}
