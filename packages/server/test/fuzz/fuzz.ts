/**
 * Requests drawn from the OpenAPI document of a running server, against that server: every one must be answered in time,
 * without an internal error, and in the form that the document promises. One seed draws the same requests each time.
 */
import { Agent } from 'node:http';
import type { QueueLane } from '@limner/contract';
import fc from 'fast-check';
import { Api } from './api.ts';
import { type OpenApiDocument, type Operation, operationsOf } from './document.ts';
import { examplesFor, type MakeExample, PARKED } from './examples.ts';
import { gather, somePictures } from './gather.ts';
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
  /** For one answer; where that waits for tasks, after the last of them. */
  limitMs?: number;
  /** Called after each request to every operation. */
  afterRound?: () => Promise<void>;
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
/** Far more than any answer takes on a loaded machine: beyond it nothing will come. */
const LIMIT_MS = 60_000;
const SURE_ROUNDS = 3;

/** Their answers come when a task has ended, behind all tasks before it. */
const WAIT = new Set(['a1111', 'openai', 'mcp']);

export async function fuzz({
  url,
  seed,
  count,
  only,
  limitMs = LIMIT_MS,
  afterRound,
}: FuzzOptions): Promise<FuzzReport> {
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  const api = new Api(url);
  const document = await api.get<OpenApiDocument>('/docs/json');
  const operations = operationsOf(document);
  const pictures = await somePictures();
  const examples = examplesFor(api, pictures[0] as Buffer);
  const report = emptyReport(operations);

  async function one(requests: Requests, drawn: FuzzRequest, index: number, agent: Agent): Promise<void> {
    // Another request may have deleted what it was made of.
    const example = await drawn.example?.().catch(() => undefined);
    const request = example ? requests.exampleOf(drawn, example) : drawn;
    report.sent += 1;
    if (request.isValid) report.valid += 1;
    const fault = await answered(request, agent).catch((error: Error) => error.message);
    if (fault) report.faults.push(`request ${index} of seed ${seed}: ${fault}\n${written(url, request)}`);
    if (request.path.startsWith('/api/lanes')) await resumeLanes(api);
  }

  async function answered(request: FuzzRequest, agent: Agent): Promise<string | null> {
    const { operation } = request;
    const patience = { limitMs, mayWait: async () => WAIT.has(operation.tag) && hasWork(api) };
    const answer = await send(origin, { ...request, path: base + request.path }, agent, patience);
    report.statuses.set(answer.status, (report.statuses.get(answer.status) ?? 0) + 1);
    if (answer.ms > report.slowest.ms) report.slowest = { ms: answer.ms, name: operation.name };
    if (request.isValid && answer.status < 300) {
      report.accepted += 1;
      report.reached.add(operation.name);
    }
    await cancelMade(api, request, answer);
    return faultOf(request, answer);
  }

  for (let first = 0; first < count; first += operations.length) {
    if (only !== undefined && (only < first || only >= first + operations.length)) continue;
    const { requests, drawn } = await drawRound(api, operations, pictures, examples, { seed, first });
    const wanted = drawn
      .map((request, index) => ({ request, index: first + index }))
      .filter(({ index }) => index < count && (only === undefined || index === only));
    // Of this round alone: the server closes connections that are idle while the next one is drawn.
    const agent = new Agent({ keepAlive: true });
    const lane = async () => {
      for (let next = wanted.shift(); next; next = wanted.shift())
        await one(requests, next.request, next.index, agent);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane)).finally(() => agent.destroy());
    await afterRound?.();
  }
  return report;
}

/**
 * One request to every operation. Each round makes new things, because requests delete them. In the first rounds every
 * request is one that should succeed, so that no operation is left to chance.
 */
async function drawRound(
  api: Api,
  operations: readonly Operation[],
  pictures: readonly Buffer[],
  examples: Record<string, MakeExample>,
  { seed, first }: { seed: number; first: number },
): Promise<{ requests: Requests; drawn: FuzzRequest[] }> {
  const { known, files, messages } = await gather(api, operations, pictures);
  const requests = new Requests(new Values(known), files, messages, examples);
  const isSure = first < SURE_ROUNDS * operations.length;
  const drawn = operations.map((operation, index) => {
    const arbitrary = isSure ? requests.likely(operation) : requests.to(operation);
    const from = (seed * 100_003 + first + index) | 0;
    return fc.sample(arbitrary, { seed: from, numRuns: 1 })[0] as FuzzRequest;
  });
  return { requests, drawn };
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
async function cancelMade(api: Api, { operation, method }: FuzzRequest, answer: Answer): Promise<void> {
  if (method !== 'POST' || answer.status > 201 || !MAKE_TASKS.has(operation.tag)) return;
  const made = JSON.parse(answer.bytes.toString()) as { id?: unknown; task_id?: unknown } | null;
  const task = made?.task_id ?? made?.id;
  // It may have ended.
  if (task !== undefined) await api.post(`/api/tasks/${task}/cancel`).catch(() => undefined);
}

/** Their answers do not wait for the end of the task. */
const MAKE_TASKS = new Set(['tasks', 'kontext-service', 'kontext-plan', 'generation-v1']);

/** A request that waits for a picture would wait for ever. Trainings wait on purpose. */
async function resumeLanes(api: Api): Promise<void> {
  for (const { id, paused_at, running } of await lanesOf(api)) {
    const paused = id === PARKED;
    if (paused !== (paused_at !== null)) await api.patch(`/api/lanes/${encodeURIComponent(id)}`, { paused });
    // It may have ended meanwhile.
    if (paused)
      for (const { task } of running) await api.post(`/api/tasks/${task}/cancel`).catch(() => undefined);
  }
}

/** Every task ends, by the time limits of engines if by nothing else. */
async function hasWork(api: Api): Promise<boolean> {
  // A broken request may have paused one.
  await resumeLanes(api);
  return (await lanesOf(api)).some(
    ({ id, running, waiting }) => id !== PARKED && running.length + waiting.length > 0,
  );
}

const lanesOf = (api: Api) =>
  api.get<Pick<QueueLane, 'id' | 'paused_at' | 'running' | 'waiting'>[]>('/api/lanes');

/** As a command of a shell. */
function written(url: string, { method, path, headers, body }: FuzzRequest): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const options = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const sent = body ? ` --data-binary @<(base64 -d <<< ${body.toString('base64').slice(0, 6000)})` : '';
  return `  curl --path-as-is -X ${method} ${options.join(' ')} ${quoted(new URL(url).origin + new URL(url).pathname.replace(/\/$/, '') + path)}${sent}`;
}
