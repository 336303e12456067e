/**
 * A ComfyUI for tests: real HTTP and WebSocket, the queue, history, files and events of version 0.3.64 in their true
 * shapes, pictures that depend on the graph, and every fault a test wants to see.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { mediaTypeOfFile } from '@limner/contract';
import sharp from 'sharp';
import type { FakeFiles, FakePrompt } from './fake-execution.ts';
import { type FakeFaults, noFaults } from './fake-faults.ts';
import { zeros } from './fake-film.ts';
import { check, type FakeGraph } from './fake-graph.ts';
import type { FakeManager } from './fake-manager.ts';
import { parseMultipart } from './fake-multipart.ts';
import { defaultModels, type FakeModels, type FakeObjectInfo, objectInfo } from './fake-object-info.ts';
import { FakeQueue } from './fake-queue.ts';
import { FakeSockets } from './fake-sockets.ts';

export interface FakeOptions {
  port?: number;
  faults?: Partial<FakeFaults>;
  /** Instead of the default files, by loader input (`VAELoader.vae_name`). */
  models?: FakeModels;
  /** Instead of those of 0.3.64; it then says that it is 0.33. */
  nodes?: FakeObjectInfo;
  /** Node classes this server does not have. */
  without?: string[];
  /** A sampler begins, and a prompt is in the history. */
  onExecuted?: (promptId: string, graph: string) => void;
  onDone?: (promptId: string) => void;
}

interface Request {
  url: URL;
  body: Buffer;
  headers: IncomingMessage['headers'];
}

export class FakeComfy {
  readonly faults: FakeFaults;
  readonly files: FakeFiles = new Map();
  readonly queue: FakeQueue;
  /** How often each route was asked, as `GET /queue`. */
  readonly requests = new Map<string, number>();
  objectInfo: FakeObjectInfo;
  port = 0;
  /** What checkpoints say of themselves, by file. */
  readonly architectures = new Map<string, string>();
  /** Model files with their bytes, by folder; null: a server that does not tell sizes. */
  modelFiles: Record<string, { name: string; size: number }[]> | null = {};
  manager: FakeManager | null = null;
  /** Of answers that never end. */
  sentBytes = 0;
  sockets: FakeSockets;
  private server: Server | null = null;
  private ended = false;

  static async start(options: FakeOptions = {}): Promise<FakeComfy> {
    const fake = new FakeComfy(options);
    await fake.listen(options.port ?? 0);
    return fake;
  }

  private constructor(options: FakeOptions) {
    const newer = options.nodes ? { version: '0.33.0' } : {};
    this.faults = { ...noFaults(), ...newer, ...options.faults };
    this.objectInfo = options.nodes ?? objectInfo({ ...defaultModels(), ...options.models });
    for (const node of options.without ?? []) delete this.objectInfo[node];
    const { faults, files } = this;
    this.queue = new FakeQueue(faults, files, {
      sockets: () => this.sockets,
      die: () => void this.bounce(faults.downMs),
      onExecuted: options.onExecuted ?? (() => {}),
      onDone: options.onDone ?? (() => {}),
    });
    this.sockets = new FakeSockets(faults, () => this.queue.remaining);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Prompts whose sampler ran, each as often as it did. */
  get executed(): readonly string[] {
    return this.queue.executedPrompts;
  }

  count(route: string): number {
    return this.requests.get(route) ?? 0;
  }

  /** Gone in an instant: connections break, queue and history are lost, files stay. */
  async crash(): Promise<void> {
    const { server } = this;
    this.server = null;
    this.queue.forget();
    this.sockets.dropAll();
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  async restart(): Promise<void> {
    await this.listen(this.port);
  }

  async bounce(downMs: number): Promise<void> {
    await this.crash();
    await new Promise((resolve) => setTimeout(resolve, downMs));
    if (!this.ended) await this.restart();
  }

  async close(): Promise<void> {
    this.ended = true;
    await this.crash();
  }

  private async listen(port: number): Promise<void> {
    this.sockets = new FakeSockets(this.faults, () => this.queue.remaining);
    const server = createServer((request, response) => void this.serve(request, response));
    server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', this.url);
      socket.on('error', () => {});
      if (this.faults.refuseSocket || !this.admitted(url, request.headers)) {
        socket.end(`HTTP/1.1 ${this.faults.refuseSocket ? '400 Bad Request' : '401 Unauthorized'}\r\n\r\n`);
        return;
      }
      this.sockets.upgrade(request, socket, head, url.searchParams.get('clientId') ?? '');
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const path = url.pathname.replace(/^\/api\//, '/');
    const route = `${request.method} /${path.split('/')[1] ?? ''}`;
    this.requests.set(route, this.count(route) + 1);
    const body = await read(request).catch(() => null);
    if (!body || !this.server) return void response.destroy();
    if (await this.wrongAnswer(path, response)) return;
    if (this.faults.newer && path.startsWith('/jobs')) return void this.jobs(request, path, response);
    const refusal = this.refusal(url, request, body, path);
    if (refusal) return answer(response, refusal.status, refusal.text);
    try {
      await this.route(route, path, { url, body, headers: request.headers }, response);
    } catch {
      answer(response, 500, '500 Internal Server Error\n\nServer got itself in trouble');
    }
  }

  /** Answers that no ComfyUI gives. */
  private async wrongAnswer(path: string, response: ServerResponse): Promise<boolean> {
    const { endless, trickling } = this.faults;
    while (this.faults.frozen && !response.destroyed) await sleep(5);
    if (response.destroyed) return true;
    const isEndless = endless !== '' && path.startsWith(endless);
    if (!isEndless && (trickling === '' || !path.startsWith(trickling))) return false;
    response.writeHead(200, { 'content-type': 'application/json' });
    const piece = Buffer.alloc(isEndless ? 2 ** 20 : 1, ' ');
    while (!response.destroyed) {
      const isTaken = response.write(piece);
      this.sentBytes += piece.length;
      await sleep(isEndless && isTaken ? 0 : 5);
      while (response.writableNeedDrain && !response.destroyed) await sleep(1);
    }
    return true;
  }

  private jobs(request: IncomingMessage, path: string, response: ServerResponse): unknown {
    const { running, pending, history } = this.queue;
    const [, , id = '', action] = path.split('/');
    const waiting = [
      ...(running ? [record(running, 'in_progress')] : []),
      ...pending.map((prompt) => record(prompt, 'pending')),
    ];
    if (id === '') return json(response, 200, { jobs: waiting, pagination: { total: waiting.length } });
    if (request.method === 'POST' && action === 'cancel') {
      this.queue.delete([id]);
      if (running?.id === id) this.queue.interrupted = true;
      return json(response, 200, { cancelled: waiting.some((job) => job.id === id) });
    }
    const entry = history.get(id) as { outputs: object; status: { completed: boolean } } | undefined;
    if (entry) {
      const status = entry.status.completed ? 'completed' : 'failed';
      return json(response, 200, { id, status, outputs: entry.outputs, execution_status: entry.status });
    }
    const job = waiting.find((each) => each.id === id);
    return job ? json(response, 200, job) : json(response, 404, { error: 'Job not found' });
  }

  private refusal(url: URL, request: IncomingMessage, body: Buffer, path: string) {
    const { serverErrors, uploadLimitBytes } = this.faults;
    if (!this.admitted(url, request.headers)) return { status: 401, text: 'Unauthorized' };
    if (body.length > uploadLimitBytes) {
      return { status: 413, text: `Maximum request body size ${uploadLimitBytes} exceeded.` };
    }
    if (serverErrors.times === 0 || !path.startsWith(serverErrors.path)) return null;
    serverErrors.times -= 1;
    return { status: 500, text: '500 Internal Server Error\n\nServer got itself in trouble' };
  }

  private admitted(url: URL, headers: IncomingMessage['headers']): boolean {
    const { auth } = this.faults;
    if (!auth) return true;
    if (auth.type === 'token') return url.searchParams.get('token') === auth.value;
    const expected =
      auth.type === 'bearer' ? `Bearer ${auth.value}` : `Basic ${Buffer.from(auth.value).toString('base64')}`;
    return headers.authorization === expected;
  }

  private async route(
    route: string,
    path: string,
    request: Request,
    response: ServerResponse,
  ): Promise<void> {
    const { queue } = this;
    switch (route) {
      case 'GET /system_stats':
        return json(response, 200, this.stats());
      case 'GET /features':
        return json(response, 200, {
          supports_preview_metadata: true,
          max_upload_size: this.faults.uploadLimitBytes,
        });
      case 'GET /object_info':
        return json(response, 200, this.objectInfo);
      case 'POST /prompt':
        return this.prompt(request, response);
      case 'GET /queue':
        return json(response, 200, {
          queue_running: queue.running ? [item(queue.running)] : [],
          queue_pending: queue.pending.map(item),
        });
      case 'POST /queue': {
        const { delete: ids, clear } = JSON.parse(request.body.toString());
        queue.delete(clear ? queue.pending.map(({ id }) => id) : (ids ?? []));
        return answer(response, 200);
      }
      case 'POST /interrupt': {
        const { prompt_id } = request.body.length > 0 ? JSON.parse(request.body.toString()) : {};
        if (this.faults.oldInterrupt || !prompt_id || queue.running?.id === prompt_id)
          queue.interrupted = true;
        return answer(response, 200);
      }
      case 'GET /history': {
        const id = path.split('/')[2] ?? '';
        return json(response, 200, queue.history.has(id) ? { [id]: queue.history.get(id) } : {});
      }
      case 'GET /view_metadata': {
        const architecture = this.architectures.get(request.url.searchParams.get('filename') ?? '');
        if (architecture === undefined) return answer(response, 404);
        return json(response, 200, { 'modelspec.architecture': architecture, format: 'pt' });
      }
      case 'GET /experiment':
        return this.listModels(path, response);
      case 'GET /models':
        this.listFolders();
        return json(response, 200, this.loraLists()[0] ?? []);
      case 'POST /free':
        queue.freed.push(JSON.parse(request.body.toString()));
        return answer(response, 200);
      case 'GET /view':
      case 'HEAD /view':
        return this.view(request, response);
      case 'POST /upload':
        return this.upload(request, response);
      default: {
        const { url, body } = request;
        const [method = ''] = route.split(' ');
        const said = this.manager?.answer(method, path, url.searchParams, body);
        if (!said) return answer(response, 404);
        return typeof said.body === 'string'
          ? answer(response, said.status, said.body)
          : json(response, said.status, said.body);
      }
    }
  }

  private listModels(path: string, response: ServerResponse): void {
    const [, , , folder] = path.split('/');
    const folders = Object.keys(this.modelFiles ?? {}).map((name) => ({ name, folders: [], extensions: [] }));
    const files = this.modelFiles?.[folder ?? '']?.map((file) => ({
      ...file,
      pathIndex: 0,
      modified: 1.8e9,
    }));
    const list = folder === undefined && this.modelFiles ? folders : files;
    if (list) json(response, 200, list);
    else answer(response, 404);
  }

  private async prompt(request: Request, response: ServerResponse): Promise<void> {
    const { prompt, prompt_id, client_id, front, extra_data } = JSON.parse(request.body.toString());
    if (this.faults.newer && !CANONICAL_UUID.test(prompt_id))
      return json(response, 400, { error: { type: 'invalid_prompt_id', message: 'Invalid prompt_id' } });
    const number = this.queue.nextNumber(front === true);
    const { refuse } = this.faults;
    this.listFolders();
    if (refuse) return json(response, 400, refusedWith(prompt, refuse));
    const hasFile = (name: string) => this.files.has(`input/${name}`);
    const checked = check(prompt as FakeGraph, this.objectInfo, hasFile, this.faults.newer);
    if ('error' in checked) return json(response, 400, { error: checked.error, node_errors: {} });
    const { outputs, faults } = checked;
    if (outputs.length === 0) {
      const error = {
        type: 'prompt_outputs_failed_validation',
        message: 'Prompt outputs failed validation',
        details: '',
        extra_info: {},
      };
      return json(response, 400, { error, node_errors: faults });
    }
    const previews = !this.faults.newer || extra_data?.preview_method === 'auto';
    this.queue.push({ number, id: prompt_id, graph: prompt, clientId: client_id, outputs, previews });
    if (this.faults.breakAnswers > 0) {
      this.faults.breakAnswers -= 1;
      return void response.destroy();
    }
    return json(response, 200, { prompt_id, number, node_errors: faults });
  }

  private view({ url }: Request, response: ServerResponse): void {
    const subfolder = url.searchParams.get('subfolder');
    const type = url.searchParams.get('type') ?? 'output';
    const file = this.files.get(
      `${type}/${subfolder ? `${subfolder}/` : ''}${url.searchParams.get('filename')}`,
    );
    const hidden = type !== 'input' && this.faults.missingFiles > 0;
    if (hidden) this.faults.missingFiles -= 1;
    if (!file || hidden) {
      answer(response, 404);
      return;
    }
    const { bytes, filler = 0 } = file;
    const mediaType = mediaTypeOfFile(url.searchParams.get('filename') ?? '');
    response.writeHead(200, { 'content-type': mediaType, 'content-length': bytes.length + filler });
    if (response.req.method === 'HEAD' || filler === 0) return void response.end(bytes);
    response.write(bytes);
    Readable.from(zeros(filler)).pipe(response);
  }

  private async upload({ body, headers }: Request, response: ServerResponse): Promise<void> {
    const { file, fields } = parseMultipart(body, headers['content-type'] ?? '');
    if (!file) return answer(response, 400);
    // Any file is taken, not only pictures.
    const { width = 0, height = 0 } = await sharp(file.bytes)
      .metadata()
      .catch(() => ({}) as { width?: number; height?: number });
    const { type = 'input', subfolder = '', overwrite } = fields;
    const folder = subfolder ? `${subfolder}/` : '';
    const key = (name: string) => `${type}/${folder}${name}`;
    const isTaken = (name: string) =>
      overwrite !== 'true' &&
      this.files.has(key(name)) &&
      !this.files.get(key(name))?.bytes.equals(file.bytes);
    let { name } = file;
    for (let n = 1; isTaken(name); n += 1) name = file.name.replace(/(\.\w+)$/, ` (${n})$1`);
    this.files.set(key(name), { bytes: file.bytes, width, height });
    const [, lora] = /^output\/loras\/(.*)$/.exec(key(name)) ?? [];
    if (lora) this.listLora(lora);
    json(response, 200, { name, subfolder, type });
  }

  /** As if a LoRA in the output folder was deleted. */
  deleteLora(file: string): void {
    this.files.delete(`output/loras/${file}`);
    for (const list of this.loraLists()) list.splice(0, list.length, ...list.filter((each) => each !== file));
  }

  /** A LoRA in the output folder is listed from then on. */
  private listLora(file: string): void {
    for (const list of this.loraLists()) if (!list.includes(file)) list.push(file);
  }

  /** Folders of pictures and LoRAs that a prompt saved are listed at once. */
  private listFolders(): void {
    const folders = new Set<string>();
    for (const key of this.files.keys()) {
      const [, folder] = /^input\/(.+)\/[^/]+$/.exec(key) ?? [];
      if (folder) folders.add(folder);
      const [, lora] = /^output\/loras\/(.*)$/.exec(key) ?? [];
      if (lora) this.listLora(lora);
    }
    const [, list] = this.objectInfo.LoadImageTextDataSetFromFolder?.input.required?.folder ?? [];
    if (list) (list as { options: string[] }).options = [...folders];
  }

  private loraLists(): string[][] {
    return ['LoraLoader', 'LoraLoaderModelOnly'].flatMap((loader) => {
      const [type, options] = this.objectInfo[loader]?.input.required?.lora_name ?? [];
      const list = type === 'COMBO' ? (options as { options: string[] }).options : type;
      return list ? [list as string[]] : [];
    });
  }

  private stats() {
    const gib = 2 ** 30;
    const system = {
      os: 'posix',
      ram_total: 32 * gib,
      ram_free: 20 * gib,
      comfyui_version: this.faults.version,
      argv: ['main.py'],
    };
    return {
      system,
      devices: [{ name: 'cuda:0', type: 'cuda', index: 0, vram_total: 24 * gib, vram_free: 18 * gib }],
    };
  }
}

const CANONICAL_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const record = ({ id, number }: FakePrompt, status: string) => ({ id, status, priority: number });

const item = ({ number, id, graph, clientId, outputs }: FakePrompt) => [
  number,
  id,
  graph,
  { client_id: clientId },
  outputs,
];

function refusedWith(
  graph: FakeGraph,
  { classType, input, type, details }: NonNullable<FakeFaults['refuse']>,
) {
  const id = Object.keys(graph).find((node) => graph[node]?.class_type === classType) ?? '0';
  const errors = [{ type, message: type.replaceAll('_', ' '), details, extra_info: { input_name: input } }];
  return {
    error: {
      type: 'prompt_outputs_failed_validation',
      message: 'Prompt outputs failed validation',
      details: '',
      extra_info: {},
    },
    node_errors: { [id]: { errors, dependent_outputs: [], class_type: classType } },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function answer(response: ServerResponse, status: number, text = ''): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
