/** For the tests: a terminal that records, and a small server that speaks the contract over real HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ErrorCode,
  type ErrorData,
  type Frame,
  type Output,
  outputId,
  Recipe,
  StudioError,
  type Task,
} from '@limner/contract';
import { run } from './run.ts';
import type { Terminal } from './terminal.ts';

export interface TestTerminal extends Terminal {
  lines: string[];
  errors(): string;
  interrupt(): void;
}

/**
 * `answer`: what the user types at each question; null: nobody can answer. `input`: standard input; null: a person is
 * there.
 */
export function testTerminal(
  env: Terminal['env'] = {},
  isTerminal = false,
  answer: string | null = null,
  input: string | null = null,
): TestTerminal {
  const controller = new AbortController();
  const lines: string[] = [];
  let errors = '';
  return {
    env,
    lines,
    out: (line) => lines.push(line),
    err: {
      write: (text) => {
        errors += text;
      },
      isTerminal,
      columns: () => 80,
    },
    errors: () => errors,
    ask: async (question) => {
      errors += question;
      return answer;
    },
    input: async () => (input === null ? null : Buffer.from(input)),
    interrupted: controller.signal,
    interrupt: () => controller.abort(),
    release: () => {},
  };
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const NOW = '2026-01-02T03:04:05.000Z';

export function frame(index: number, changes: Partial<Frame> = {}): Frame {
  return {
    index,
    status: 'queued',
    seed: 7 + index,
    progress: 0,
    tries: 0,
    output: null,
    outputs: changes.output ? [changes.output] : [],
    preview_url: null,
    error: null,
    started_at: null,
    completed_at: null,
    ...changes,
  };
}

export const outputOf = (task: number, frame: number, place = 0, extension = 'png'): Output => {
  const id = outputId({ task, frame, place });
  return {
    id,
    url: `/outputs/${id}.${extension}`,
    file_name: `${id}_a-red-dragon.${extension}`,
    place,
    role: 'main',
    duration_ms: null,
    media_type: extension === 'png' ? 'image/png' : 'video/mp4',
    width: 8,
    height: 8,
    size_bytes: PNG.length,
    provenance: null,
    starred: false,
  };
};

export const finished = (task: number, index: number, outputs = [outputOf(task, index)]): Frame =>
  frame(index, { status: 'completed', progress: 1, output: outputs[0] ?? null, outputs });

export function failed(index: number, code: ErrorCode, data: ErrorData): Frame {
  return frame(index, { status: 'failed', error: new StudioError(code, { data }).body() });
}

export function task(id: number, changes: Partial<Task> = {}): Task {
  return {
    id,
    task_kind: 'generation',
    type: 'txt2img',
    status: 'queued',
    created_at: NOW,
    started_at: null,
    completed_at: null,
    expires_at: null,
    progress: 0,
    output_paths: [],
    finished_frames: 0,
    prompt: 'a red dragon',
    negative_prompt: null,
    family: 'starter',
    style_id: null,
    stars: 0,
    total_frames: changes.frames?.length ?? 0,
    batch_size: changes.frames?.length ?? 0,
    error: null,
    version: 1,
    recipe: Recipe.parse({ kind: 'generation', type: 'txt2img', prompt: 'a red dragon', seed: 7 }),
    input_image: null,
    mask_image: null,
    seed: 7,
    controlnet_config: null,
    references: [],
    loras: [],
    width: 512,
    height: 512,
    params: {},
    priority: 0,
    source_task_id: null,
    choice: {
      family: 'starter',
      engine: 'starter',
      why: 'best',
      note: { en: 'painted by the built-in starter', zh: '由内置引擎绘制' },
      ignored: [],
    },
    frames: [],
    ...changes,
  };
}

export interface ReceivedRequest {
  route: string;
  body: unknown;
  language: string | undefined;
}

export interface TestStudio {
  url: string;
  received: ReceivedRequest[];
  close(): Promise<void>;
}

export const HEALTH = {
  status: 'ok',
  version: '9.9.9',
  uptime_seconds: 1,
  tasks: { queued: 0, running: 0 },
};

/** What a route answers: a value, an error, or a function of how often it was received before. */
type Answer = unknown | StudioError | ((times: number) => unknown);

export async function testStudio(answers: Record<string, Answer>): Promise<TestStudio> {
  const received: ReceivedRequest[] = [];
  const all: Record<string, Answer> = {
    'GET /health': HEALTH,
    ...answers,
  };
  const server = createServer(async (request, response) => {
    const route = `${request.method} ${request.url}`;
    const times = received.filter((earlier) => earlier.route === route).length;
    received.push({ route, body: await bodyOf(request), language: request.headers['accept-language'] });
    reply(route, typeof all[route] === 'function' ? all[route](times) : all[route], response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return request.headers['content-type'] === 'application/json' ? JSON.parse(text) : text;
}

function reply(route: string, answer: unknown, response: ServerResponse): void {
  if (/^GET \S*\/outputs\//.test(route)) {
    response.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
    return;
  }
  const value = answer === undefined ? new StudioError('route_not_found', { data: { path: route } }) : answer;
  const isError = value instanceof StudioError;
  response.writeHead(isError ? value.status : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isError ? { error: value.body() } : value));
}

export interface Ran {
  exitCode: number | undefined;
  out: string[];
  err: string;
  asked: ReceivedRequest[];
}

/** Runs one command line against a server with these answers. */
export async function ranWith(answers: Record<string, Answer>, argv: string[], env = {}): Promise<Ran> {
  const studio = await testStudio(answers);
  try {
    const terminal = testTerminal({ LIMNER_URL: studio.url, ...env });
    const exitCode = await run(argv, terminal);
    return { exitCode, out: terminal.lines, err: terminal.errors(), asked: studio.received };
  } finally {
    await studio.close();
  }
}
