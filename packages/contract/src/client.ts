/**
 * A client of the native API, typed by the route table. Works wherever `fetch` does: browser, Node, tests.
 * Answers that are not a success become the `StudioError` the server threw.
 */
import type { z } from 'zod';
import { ERRORS, type ErrorAnswer, type Language, StudioError } from './error.ts';
import { type Route, type RouteName, type Routes, routes } from './routes.ts';

type Part<R, K extends string> = R extends { [P in K]: infer S extends z.ZodType }
  ? { [P in K]: z.input<S> }
  : unknown;
type Optional<R> = R extends { query: infer S extends z.ZodType } ? { query?: z.input<S> } : unknown;
type FilePart<R> = R extends { multipart: true } ? { file: Blob; fileName?: string } : unknown;
export type CallInput<R> = Part<R, 'params'> &
  Part<R, 'body'> &
  Optional<R> &
  FilePart<R> & { signal?: AbortSignal };
export type CallOutput<R> = R extends { response: infer S extends z.ZodType } ? z.output<S> : never;

export interface ClientOptions {
  /** For example `http://127.0.0.1:9000`; empty in a browser on the same origin. */
  baseUrl?: string;
  fetch?: typeof fetch;
  /** Language of the sentences in errors. */
  language?: () => Language;
}

export interface Page<T> {
  items: T[];
  /** `before` of the next page; null on the last page. */
  nextBefore: number | null;
  /** `after` of the next newer page, where one was asked for; null on the newest. */
  nextAfter: number | null;
}

interface LooseInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  file?: Blob;
  fileName?: string;
  signal?: AbortSignal;
}

export type Client = ReturnType<typeof createClient>;

export function createClient(options: ClientOptions = {}) {
  const send = options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args));

  async function request(name: RouteName, input: LooseInput): Promise<Response> {
    const route: Route = routes[name];
    const headers: Record<string, string> = { accept: 'application/json' };
    const language = options.language?.();
    if (language) headers['accept-language'] = language;
    if (input.body !== undefined) headers['content-type'] = 'application/json';
    const response = await send((options.baseUrl ?? '') + address(route.path, input), {
      method: route.method,
      headers,
      body: bodyOf(input),
      signal: input.signal,
    });
    if (!response.ok) throw await errorOf(response);
    if (response.status !== 204 && !isJson(response)) throw proxyAnswered(response);
    return response;
  }

  return {
    async call<N extends RouteName>(name: N, input: CallInput<Routes[N]>): Promise<CallOutput<Routes[N]>> {
      const response = await request(name, input as LooseInput);
      return (response.status === 204 ? null : await response.json()) as CallOutput<Routes[N]>;
    },

    /** One page of `GET /api/tasks`, with the way to the next. */
    async tasks(query: z.input<Routes['listTasks']['query']> = {}, signal?: AbortSignal) {
      const response = await request('listTasks', { query, signal });
      const items = (await response.json()) as CallOutput<Routes['listTasks']>;
      const cursor = (name: string) => {
        const next = response.headers.get(name);
        return next === null ? null : Number(next);
      };
      return {
        items,
        nextBefore: cursor('x-next-before'),
        nextAfter: cursor('x-next-after'),
      } satisfies Page<unknown>;
    },
  };
}

function address(path: string, input: LooseInput): string {
  const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(input.params?.[key])));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== null) query.set(key, String(value));
  }
  return query.size === 0 ? filled : `${filled}?${query}`;
}

function bodyOf(input: LooseInput): RequestInit['body'] {
  if (input.file) {
    const form = new FormData();
    form.set('file', input.file, input.fileName ?? 'picture');
    return form;
  }
  return input.body === undefined ? undefined : JSON.stringify(input.body);
}

/** The refusal in an answer that is not a success. */
export async function errorOf(response: Response): Promise<StudioError> {
  const answer = (await response.json().catch(() => null)) as Partial<ErrorAnswer> | null;
  if (!answer?.error) return proxyAnswered(response);
  // A newer server may have unknown codes.
  if (!(answer.error.code in ERRORS))
    return new StudioError('internal', { data: { id: `HTTP ${response.status}` } });
  const { code, data, field } = answer.error;
  return new StudioError(code, { data, field });
}

const isJson = ({ headers }: Response): boolean => /\bjson\b/.test(headers.get('content-type') ?? '');

/** Limner answers JSON; anything else is from a proxy, such as its page of an error or a sign-in. */
const proxyAnswered = ({ status }: Response): StudioError =>
  status === 413
    ? new StudioError('proxy_too_large')
    : new StudioError('proxy_answered', { data: { status } });
