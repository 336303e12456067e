/**
 * Requests drawn from the OpenAPI document of a running server, against that server: every one must be answered in time,
 * without an internal error, and in the form that the document promises. One seed draws the same requests each time.
 */
import { Agent } from 'node:http';
import fc from 'fast-check';
import { type OpenApiDocument, type Operation, operationsOf } from './document.ts';
import { gather } from './gather.ts';
import { type FuzzRequest, Requests } from './requests.ts';
import { type Answer, send } from './send.ts';
import { Values } from './values.ts';

export interface FuzzOptions {
  /** With its base path. */
  url: string;
  seed: number;
  count: number;
  /** Only this request of them, by its number. */
  only?: number | undefined;
  /** For one answer. */
  limitMs?: number;
}

export interface FuzzReport {
  sent: number;
  /** Requests that the document allows, and how many of them were accepted. */
  valid: number;
  accepted: number;
  /** Operations that accepted a request. */
  reached: Set<string>;
  operations: string[];
  statuses: Map<number, number>;
  slowest: { ms: number; name: string };
  /** What went wrong, with the request to repeat. */
  faults: string[];
}

const AT_ONCE = 4;
const LIMIT_MS = 10_000;

export async function fuzz({ url, seed, count, only, limitMs = LIMIT_MS }: FuzzOptions): Promise<FuzzReport> {
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  const document = (await (await fetch(`${url}/docs/json`)).json()) as OpenApiDocument;
  const operations = operationsOf(document);
  const agent = new Agent({ keepAlive: true });
  const report = emptyReport(operations);

  async function one(request: FuzzRequest, index: number): Promise<void> {
    report.sent += 1;
    if (request.isValid) report.valid += 1;
    const fault = await answered(request).catch((error: Error) => error.message);
    if (fault) report.faults.push(`request ${index} of seed ${seed}: ${fault}\n${written(url, request)}`);
    if (request.path.startsWith('/api/lanes')) await resumeLanes(url);
  }

  async function answered(request: FuzzRequest): Promise<string | null> {
    const { operation } = request;
    const answer = await send(origin, { ...request, path: base + request.path }, agent, limitMs);
    report.statuses.set(answer.status, (report.statuses.get(answer.status) ?? 0) + 1);
    if (answer.ms > report.slowest.ms) report.slowest = { ms: answer.ms, name: operation.name };
    if (request.isValid && answer.status < 300) {
      report.accepted += 1;
      report.reached.add(operation.name);
    }
    await cancelMade(url, request, answer);
    return faultOf(request, answer);
  }

  try {
    for (let first = 0; first < count; first += operations.length) {
      if (only !== undefined && (only < first || only >= first + operations.length)) continue;
      const requests = await drawn(url, operations, (seed * 100_003 + first) | 0);
      const wanted = requests
        .map((request, index) => ({ request, index: first + index }))
        .filter(({ index }) => index < count && (only === undefined || index === only));
      const lane = async () => {
        for (let next = wanted.shift(); next; next = wanted.shift()) await one(next.request, next.index);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
    }
  } finally {
    agent.destroy();
  }
  return report;
}

/** One request to every operation. Each round makes new things, because requests delete them. */
async function drawn(url: string, operations: readonly Operation[], seed: number): Promise<FuzzRequest[]> {
  const { known, files, messages } = await gather(url, operations);
  const requests = new Requests(new Values(known), files, messages);
  return operations.map(
    (operation, index) =>
      fc.sample(requests.to(operation), { seed: seed + index, numRuns: 1 })[0] as FuzzRequest,
  );
}

const emptyReport = (operations: readonly Operation[]): FuzzReport => ({
  sent: 0,
  valid: 0,
  accepted: 0,
  reached: new Set(),
  operations: operations.map(({ name }) => name),
  statuses: new Map(),
  slowest: { ms: 0, name: '' },
  faults: [],
});

/** Not implemented, and for now unavailable. */
const ALLOWED = new Set([501, 503]);

function faultOf(request: FuzzRequest, { status, type, bytes }: Answer): string | null {
  const text = bytes.toString();
  const shown = `${status} ${type} ${text.slice(0, 600)}`;
  if (status >= 500 && !ALLOWED.has(status)) return `failed: ${shown}`;
  if (request.method === 'HEAD' || bytes.length === 0) return null;
  if (!type.startsWith('application/json'))
    return status < 400 || request.headers.accept === 'text/html' ? null : `refused in no JSON: ${shown}`;
  const body = JSON.parse(text);
  const difference = request.operation.differs(status, body);
  if (difference === null || (!request.isAtRoute && (status < 400 || isNative(body)))) return null;
  return `another form than promised: ${difference}: ${shown}`;
}

const isNative = (body: { error?: { code?: unknown; message?: unknown } }): boolean =>
  typeof body.error?.code === 'string' && typeof body.error.message === 'string';

/** Otherwise the answers of dialects that wait would wait for the work of other requests too. */
async function cancelMade(url: string, { operation, method }: FuzzRequest, answer: Answer): Promise<void> {
  if (method !== 'POST' || answer.status > 201 || !MAKE_TASKS.has(operation.tag)) return;
  const made = JSON.parse(answer.bytes.toString()) as { id?: unknown; task_id?: unknown } | null;
  const task = made?.task_id ?? made?.id;
  if (task !== undefined) await fetch(`${url}/api/tasks/${task}/cancel`, { method: 'POST' });
}

/** Their answers do not wait for the end of the task. */
const MAKE_TASKS = new Set(['tasks', 'kontext-service', 'kontext-plan', 'generation-v1']);

/** A request that waits for a picture would wait for ever. */
async function resumeLanes(url: string): Promise<void> {
  const lanes = (await (await fetch(`${url}/api/lanes`)).json()) as {
    id: string;
    paused_at: string | null;
  }[];
  for (const { id } of lanes.filter(({ paused_at }) => paused_at !== null))
    await fetch(`${url}/api/lanes/${encodeURIComponent(id)}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"paused":false}',
    });
}

/** As a command of a shell. */
function written(url: string, { method, path, headers, body }: FuzzRequest): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const options = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const sent = body ? ` --data-binary @<(base64 -d <<< ${body.toString('base64').slice(0, 6000)})` : '';
  return `  curl --path-as-is -X ${method} ${options.join(' ')} ${quoted(new URL(url).origin + new URL(url).pathname.replace(/\/$/, '') + path)}${sent}`;
}
