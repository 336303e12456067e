/**
 * One generation in each API, from the request to the bytes of the picture, as its clients ask. Those whose answer is a
 * task learn of its end from the socket, so that no pause between two questions is counted.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';
import { tinyPng } from '../test/scripted-engine.ts';

const FINAL = ['completed', 'failed', 'partial', 'cancelled'];
const PROMPT = 'a red dragon';
const SIDE = 64;
const base64 = tinyPng.toString('base64');

interface Answer {
  body: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: a stranger's client knows no types
  json(): any;
}

/** A connection that stays open, as those of all these clients do. */
export class Asking {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #socket: WebSocket;
  readonly #ends = new Map<number, () => void>();
  /** Ended before somebody waited for them. */
  readonly #ended = new Set<number>();

  private constructor(url: string, socket: WebSocket) {
    this.#url = new URL(url);
    this.#socket = socket;
    socket.on('message', (data) => {
      const { id, status } = JSON.parse(String(data));
      if (!FINAL.includes(status)) return;
      const end = this.#ends.get(id);
      if (end) end();
      else this.#ended.add(id);
    });
  }

  static async at(url: string): Promise<Asking> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all' }));
    return new Asking(url, socket);
  }

  get(address: string): Promise<Answer> {
    return this.#ask('GET', address, {}, null);
  }

  post(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const json = { 'content-type': 'application/json', ...headers };
    return this.#ask('POST', address, json, Buffer.from(JSON.stringify(body)));
  }

  async form(address: string, fields: Record<string, string | Blob>): Promise<Answer> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const encoded = new Response(form);
    const type = encoded.headers.get('content-type') ?? '';
    return this.#ask('POST', address, { 'content-type': type }, Buffer.from(await encoded.arrayBuffer()));
  }

  async ended(id: number): Promise<void> {
    if (this.#ended.delete(id)) return;
    await new Promise<void>((resolve) => this.#ends.set(id, resolve));
    this.#ends.delete(id);
  }

  close(): void {
    this.#agent.destroy();
    this.#socket.terminate();
  }

  #ask(
    method: string,
    address: string,
    headers: Record<string, string>,
    body: Buffer | null,
  ): Promise<Answer> {
    const lengths = body ? { 'content-length': String(body.length) } : {};
    return new Promise((resolve, reject) => {
      const asked = request(
        new URL(address, this.#url),
        { method, agent: this.#agent, headers: { ...headers, ...lengths } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            const whole = Buffer.concat(chunks);
            if ((answer.statusCode ?? 0) < 300)
              resolve({ body: whole, json: () => JSON.parse(String(whole)) });
            else reject(new Error(`${method} ${address} answered ${answer.statusCode}: ${whole}`));
          });
        },
      );
      asked.once('error', reject).end(body ?? undefined);
    });
  }
}

/** Resolves with the bytes of the picture. */
type Generation = (asking: Asking) => Promise<Buffer>;

async function ofTask(asking: Asking, id: number): Promise<Buffer> {
  await asking.ended(id);
  const task = (await asking.get(`/api/tasks/${id}`)).json();
  return (await asking.get(task.output_paths[0])).body;
}

export const nativeText: Generation = async (asking) => {
  const sent = { prompt: PROMPT, family: 'painting', width: SIDE, height: SIDE };
  return ofTask(asking, (await asking.post('/api/generate', sent)).json().id);
};

const picture = () => new Blob([new Uint8Array(tinyPng)], { type: 'image/png' });

export const nativeReference: Generation = async (asking) => {
  const { id } = (await asking.form('/api/upload', { file: picture() })).json();
  return ofTask(asking, (await asking.post('/api/edit', { prompt: PROMPT, images: [id] })).json().id);
};

const reference: Generation = async (asking) => {
  const fields = { referenceImage: picture(), description: PROMPT };
  const { task_id } = (await asking.form('/generate-image', fields)).json();
  await asking.ended(Number(task_id));
  const status = (await asking.get(`/api/task-status/${task_id}`)).json();
  return (await asking.get(JSON.parse(status.result_path)[0])).body;
};

const plan: Generation = async (asking) => {
  const sent = { reference_image: base64, description: PROMPT };
  const { task_id } = (await asking.post('/api/generate-image', sent)).json();
  await asking.ended(Number(task_id));
  return (await asking.get((await asking.get(`/api/task/${task_id}`)).json().result.image_url)).body;
};

const v1: Generation = async (asking) => {
  const sent = { prompt: PROMPT, parameters: { width: SIDE, height: SIDE } };
  const { task_id } = (await asking.post('/api/v1/generation/create', sent)).json();
  await asking.ended(Number(task_id));
  const { images } = (await asking.get(`/api/v1/generation/result/${task_id}`)).json();
  return (await asking.get(images[0].image_url)).body;
};

const openai: Generation = async (asking) => {
  const sent = { prompt: PROMPT, size: `${SIDE}x${SIDE}` };
  return Buffer.from((await asking.post('/v1/images/generations', sent)).json().data[0].b64_json, 'base64');
};

const a1111: Generation = async (asking) => {
  const sent = { prompt: PROMPT, width: SIDE, height: SIDE };
  return Buffer.from((await asking.post('/sdapi/v1/txt2img', sent)).json().images[0], 'base64');
};

const mcp: Generation = async (asking) => {
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'generate_image', arguments: { prompt: PROMPT, width: SIDE, height: SIDE } },
  };
  const accept = { accept: 'application/json, text/event-stream' };
  const text = String((await asking.post('/mcp', call, accept)).body);
  // As JSON, or as the last of some events.
  const { result } = JSON.parse(/^data: (\{.*"result".*)$/m.exec(text)?.[1] ?? text);
  const { data } = result.content.find(({ type }: { type: string }) => type === 'image');
  return Buffer.from(data, 'base64');
};

/** Each API with the native generation that does the same work. */
export const DIALECTS: readonly { name: string; native: Generation; dialect: Generation }[] = [
  { name: 'asset generator (its routes are the native ones)', native: nativeText, dialect: nativeText },
  { name: 'reference picture service', native: nativeReference, dialect: reference },
  { name: 'reference picture plan', native: nativeReference, dialect: plan },
  { name: 'generation v1', native: nativeText, dialect: v1 },
  { name: 'OpenAI images', native: nativeText, dialect: openai },
  { name: 'A1111', native: nativeText, dialect: a1111 },
  { name: 'MCP', native: nativeText, dialect: mcp },
];
