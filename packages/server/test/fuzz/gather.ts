/** Makes one thing of each kind on the server, so that requests can name something that exists. */
import type { Task, Upload } from '@limner/contract';
import fc from 'fast-check';
import sharp from 'sharp';
import type { Api } from './api.ts';
import type { Operation, Schema } from './document.ts';
import type { Known } from './values.ts';
import { Values } from './values.ts';

interface Gathered {
  known: Known;
  files: Buffer[];
  messages: Record<string, fc.Arbitrary<unknown>>;
}

export async function gather(
  api: Api,
  operations: readonly Operation[],
  pictures: readonly Buffer[],
): Promise<Gathered> {
  const uploads = await Promise.all(pictures.map((bytes) => api.upload(bytes)));
  const { ids, outputs, families } = await someThings(api, uploads);
  const known: Known = {
    pictures: [...uploads, ...outputs].map(({ id }) => id),
    pictureTexts: pictures.flatMap((bytes) => {
      const text = bytes.toString('base64');
      return [text, `data:image/png;base64,${text}`];
    }),
    files: [...outputs, ...uploads].map((file) => file.url.split('/').at(-1) ?? ''),
    families,
    ids,
  };
  const broken = [Buffer.from('no picture'), Buffer.alloc(0), (pictures[0] as Buffer).subarray(0, 60)];
  const values = new Values(known);
  const mcp = operations.find(({ path }) => path === '/mcp');
  return {
    known,
    files: [...pictures, ...pictures, ...broken],
    messages: mcp ? { [mcp.name]: await mcpMessages(api, values) } : {},
  };
}

export async function somePictures(): Promise<Buffer[]> {
  const plain = sharp({ create: { width: 32, height: 24, channels: 4, background: '#c82814' } });
  return Promise.all([
    plain.clone().png().toBuffer(),
    plain.clone().jpeg().toBuffer(),
    plain.clone().webp().toBuffer(),
  ]);
}

/** Names begin with the key, so that `tasks_id`, `task_id` and `tasks` all mean a task. */
async function someThings(api: Api, uploads: readonly Upload[]) {
  await api.post('/api/queue/cancel');
  const size = { width: 64, height: 64 };
  const painted = await api.ended(
    await api.post<Task>('/api/generate', { prompt: 'a red dragon', batch_size: 2, ...size }),
  );
  const outputs = painted.frames.flatMap((frame) => frame.outputs);
  const [upload] = uploads;
  const cut = await api.ended(await api.post<Task>('/api/remove-bg', { input_image: upload?.id }));
  const thrown = await api.ended(await api.post<Task>('/api/generate', { prompt: 'a key', ...size }));
  await api.delete(`/api/tasks/${thrown.id}`);
  const { items: bin } = await api.get<{ items: { id: number }[] }>('/api/bin');
  const waiting = await api.post<Task>('/api/generate', { prompt: 'a blue key', batch_size: 8, ...size });
  const hook = await api.post<{ id: number }>('/api/webhooks', {
    url: `http://hooks.invalid/${painted.id}`,
  });
  const delivery = await api.post<{ id: number }>(`/api/webhooks/${hook.id}/test`);
  const zip = await api.post<{ id: string }>('/api/outputs/zip', { outputs: outputs.map(({ id }) => id) });
  const families = await api.get<{ id: string; available: boolean }[]>('/api/families');
  const name = `fuzz ${painted.id}`;
  return {
    outputs,
    families: families.filter(({ available }) => available).map(({ id }) => id),
    ids: {
      outputs_: outputs.map(({ id }) => id),
      bin: bin.map(({ id }) => id),
      deliveries: [delivery.id],
      webhook: [hook.id],
      zip: [zip.id],
      remove: [cut.id],
      preset: (await api.get<{ id: number }[]>('/api/presets')).map(({ id }) => id),
      style: [(await api.post<{ id: number }>('/api/styles', { name })).id],
      lane: (await api.get<{ id: string }[]>('/api/lanes')).map(({ id }) => id),
      engine: (await api.get<{ id: string }[]>('/api/engines')).map(({ id }) => id),
      frames: [0, 1],
      index: [0, 1],
      before: [waiting.id],
      task: [painted.id, waiting.id],
      generation: [painted.id, waiting.id],
      id: outputs.map(({ id }) => id),
    },
  };
}

/** Calls of every tool with the arguments of its own schema, and the protocol's other messages. */
async function mcpMessages(api: Api, values: Values): Promise<fc.Arbitrary<unknown>> {
  const listed = await fetch(`${api.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
  const text = await listed.text();
  const { result } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text) as {
    result: { tools: { name: string; inputSchema: Schema }[] };
  };
  const calls = result.tools.map(({ name, inputSchema }) =>
    values.of(inputSchema).map((input) => ({ method: 'tools/call', params: { name, arguments: input } })),
  );
  const others = fc.constantFrom(
    { method: 'tools/list' },
    { method: 'ping' },
    { method: 'resources/list' },
    { method: 'notifications/cancelled', params: { requestId: 1 } },
    {
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } },
    },
  );
  return fc
    .tuple(fc.oneof({ weight: 3, arbitrary: fc.oneof(...calls) }, others), fc.integer({ min: 1, max: 9 }))
    .map(([message, id]) => ({
      jsonrpc: '2.0',
      ...(message.method.startsWith('notifications') ? {} : { id }),
      ...message,
    }));
}
