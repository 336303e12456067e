/**
 * A server for tests of rendered parts. It answers the routes that the test lists. The route's schema parses each request
 * body first, as on the real server, so that an invalid request fails the test.
 */
import { type ErrorBody, type Route, type RouteName, routes } from '@limner/contract';
import { afterEach, vi } from 'vitest';
import { TestXhr } from './testing-xhr.ts';

export interface ReceivedCall {
  params: Record<string, string>;
  query: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect of any route
  body: any;
}

type Answer = (call: ReceivedCall) => unknown;
type Answers = Partial<Record<RouteName, Answer>>;

export interface TestServer {
  /** The calls of this route, in order. */
  received: (name: RouteName) => ReceivedCall[];
}

/** Thrown by an answer to refuse the request. */
export class Refused extends Error {
  readonly status: number;
  readonly body: Partial<ErrorBody>;

  constructor(status: number, body: Partial<ErrorBody>) {
    super(String(body.code));
    this.status = status;
    this.body = body;
  }
}

export function serve(answers: Answers): TestServer {
  const calls: { name: RouteName; call: ReceivedCall }[] = [];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const { pathname, searchParams } = new URL(String(input), 'http://studio');
    const found = find(init.method ?? 'GET', pathname);
    const answer = found && answers[found.name];
    if (!found || !answer) return new Response('{}', { status: 404 });
    const query = Object.fromEntries(searchParams);
    const call = { params: found.params, query, body: bodyOf(routes[found.name], init) };
    calls.push({ name: found.name, call });
    return respond(routes[found.name], () => answer(call));
  });
  vi.stubGlobal('XMLHttpRequest', TestXhr);
  return { received: (name) => calls.filter((each) => each.name === name).map(({ call }) => call) };
}

afterEach(() => vi.unstubAllGlobals());

function bodyOf(route: Route, { body }: RequestInit): unknown {
  return route.body && typeof body === 'string' ? route.body.parse(JSON.parse(body)) : null;
}

function respond(route: Route, answer: () => unknown): Response {
  try {
    const body = answer();
    return route.status === 204
      ? new Response(null, { status: 204 })
      : Response.json(body, { status: route.status });
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    return Response.json({ error: problem.body }, { status: problem.status });
  }
}

function find(method: string, path: string): { name: RouteName; params: Record<string, string> } | null {
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name];
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const match = route.method === method ? pattern.exec(path) : null;
    if (match) return { name, params: { ...match.groups } };
  }
  return null;
}
