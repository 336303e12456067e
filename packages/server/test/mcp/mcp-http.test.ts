/** `/mcp` as HTTP: who may call it, from where, and with what. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { OWNER } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../src/http/server.ts';
import { OpenAiEngine } from '../compat/openai-engine.ts';
import { startProxy } from '../proxy.ts';
import { ScriptedEngine, untilAborted } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { mcpClient } from './mcp-clients.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startStudio({ engines: [new ScriptedEngine()], environ: { RATE_LIMIT_PER_MINUTE: '60' } });
});
afterAll(() => studio.close());

const ACCEPT = 'application/json, text/event-stream';
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

function post(body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${studio.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: ACCEPT, ...headers },
    body: text,
  });
}

describe('/mcp', () => {
  it('answers requests without a session', async () => {
    const answer = await post(list);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(await answer.text()).toContain('generate_image');
  });

  it('closes the connection of a client that asks for it', async () => {
    const { hostname, port } = new URL(studio.url);
    const body = JSON.stringify(list);
    const socket = connect(Number(port), hostname);
    const { base } = studio;
    const lines = [`POST ${base}/mcp HTTP/1.1`, 'host: localhost', 'content-type: application/json'];
    const more = [`accept: ${ACCEPT}`, 'connection: close', `content-length: ${body.length}`];
    socket.write([...lines, ...more, '', body].join('\r\n'));
    const answer = Buffer.concat(await socket.toArray()).toString();
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toMatch(/^connection: close\r$/im);
  });

  it('answers in the language of its address', async () => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_task', arguments: {} } };
    const answer = await fetch(`${studio.url}/mcp?lang=zh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: ACCEPT },
      body: JSON.stringify(call),
    });
    expect(await answer.text()).toContain('id 为必填项');
  });

  it('refuses pages of other sites, and accepts its own', async () => {
    expect((await post(list, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(list, { origin: studio.url })).status).toBe(200);
  });

  it('has no streams and no sessions', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await fetch(`${studio.url}/mcp`, { method, headers: { accept: 'text/event-stream' } });
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'POST']);
    }
  });

  it('refuses what is no message', async () => {
    expect((await post('{')).status).toBe(400);
    expect((await post(list, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post({ ...list, params: { text: 'x'.repeat(16 * 1024 ** 2) } })).status).toBe(413);
  });

  it('refuses headers that contradict the body', async () => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const answer = await post(
      { ...list, params: { _meta } },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' },
    );
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: -32020 } });
  });

  it('counts a call once for the rate limit', async () => {
    const before = Number((await post(list)).headers.get('x-ratelimit-remaining'));
    const client = {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'studio_status', arguments: {} },
    };
    expect(await (await post(client)).text()).toContain('disk_free_bytes');
    expect(Number((await post(list)).headers.get('x-ratelimit-remaining'))).toBe(before - 2);
  });
});

it('shows a caller nothing of another, and nobody anything', async () => {
  const app = await createServer(studio.studio, {
    identify: async ({ headers }) => {
      if (headers['x-account'] === undefined) return null;
      return headers['x-account'] === 'ann' ? { id: 'ann', role: 'user' } : OWNER;
    },
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    const answer = await fetch(`${url}/mcp`, { method: 'POST', headers: { accept: ACCEPT }, body: '{}' });
    expect(answer.status).toBe(401);
    const forged = await fetch(`${url}/api/tasks`, { headers: { 'x-limner-own-request': 'any' } });
    expect(forged.status).toBe(401);
    const owner = await mcpClient('2026', url, { headers: { 'x-account': 'owner' } });
    const ann = await mcpClient('2026', url, { headers: { 'x-account': 'ann' } });
    const made = await owner.call('generate_image', { prompt: 'a secret' });
    const [picture] = made.structuredContent.pictures;
    expect((await owner.call('get_picture', { id: picture?.id })).isError ?? false).toBe(false);
    for (const [tool, args] of [
      ['get_picture', { id: picture?.id }],
      ['get_task', { id: made.structuredContent.task_id }],
      ['remove_background', { image: picture?.id }],
      ['delete_picture', { id: picture?.id, confirm: true }],
    ] as const)
      expect([tool, (await ann.call(tool, args)).isError]).toEqual([tool, true]);
    expect((await ann.call('search_pictures', {})).structuredContent.pictures).toEqual([]);
    await owner.close();
    await ann.close();
  } finally {
    await app.close();
  }
});

it('gives out addresses below the base path, behind a proxy', async () => {
  const below = await startStudio({ engines: [new ScriptedEngine()], environ: { BASE_PATH: '/limner' } });
  const proxy = await startProxy({ target: below.url, path: '/limner', strips: true });
  const base = new URL('/limner', proxy.url).href;
  const client = await mcpClient('2026', base);
  try {
    const made = await client.call('generate_image', { prompt: 'a key' });
    expect(made.content.map(({ type }) => type)).toEqual(['text', 'text', 'image', 'resource_link']);
    const [picture] = made.structuredContent.pictures;
    expect(picture?.url).toBe(`${base}/outputs/1_0.png`);
    expect((await fetch(picture?.url ?? '')).status).toBe(200);
    const again = await client.call('get_picture', { id: picture?.id });
    expect(again.isError ?? false).toBe(false);
  } finally {
    await client.close();
    await proxy.close();
    await below.close();
  }
});

describe('a cancellation in a revision before 2026-07-28', () => {
  const version = '2025-11-25';
  const ofSession = (session: string) => ({ 'mcp-session-id': session, 'mcp-protocol-version': version });

  async function begun(): Promise<string> {
    const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    const answer = await post({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
    return answer.headers.get('mcp-session-id') ?? '';
  }

  it('cancels the task of the call that it names, and none of another client', async () => {
    const waits = new OpenAiEngine((_frame, { signal }) => untilAborted(signal));
    const own = await startStudio({ engines: [waits] });
    const shared = studio;
    studio = own;
    try {
      const session = await begun();
      expect(session).not.toBe('');
      const params = { name: 'generate_image', arguments: { prompt: 'a key' } };
      const calling = post({ jsonrpc: '2.0', id: 5, method: 'tools/call', params }, ofSession(session));
      await expect.poll(() => waits.runs.length).toBe(1);
      const cancel = (of: string) =>
        post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 5 } }, ofSession(of));
      expect((await cancel(await begun())).status).toBe(202);
      expect((await own.client.call('getTask', { params: { id: 1 } })).status).toBe('running');
      expect((await cancel(session)).status).toBe(202);
      expect((await own.ended(1)).status).toBe('cancelled');
      await (await calling).text();
    } finally {
      studio = shared;
      await own.close();
    }
  });
});

/** A request that announces a body and sends none; resolves when the server has read its head. */
async function announced(url: string, bytes: number): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const answered = once(socket, 'data');
  socket.write(
    `POST /mcp HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${bytes}\r\n\r\n`,
  );
  expect(String((await answered)[0])).toContain('100 Continue');
  return socket;
}

it('lets large calls wait while others hold the memory for bodies, and small ones pass', async () => {
  const large = { ...list, params: { note: 'x'.repeat(2 * 1024 ** 2) } };
  const holders = await Promise.all([1, 2, 3, 4].map(() => announced(studio.url, 14 * 1024 ** 2)));
  // Its answer shows that the server has let the others in.
  expect((await post(list)).status).toBe(200);
  let isAnswered = false;
  const waiting = post(large).then((answer) => {
    isAnswered = true;
    return answer.status;
  });
  expect((await post(list)).status).toBe(200);
  expect(isAnswered).toBe(false);
  for (const holder of holders) holder.destroy();
  expect(await waiting).toBe(200);
});

it('takes pictures of 10 MB as data, several at once', async () => {
  const own = await startStudio({ engines: [new OpenAiEngine()] });
  const client = await mcpClient('2026', own.url);
  try {
    const noise = { width: 1700, height: 1700, channels: 3 as const, background: 'red' };
    const picture = await sharp({
      create: { ...noise, noise: { type: 'gaussian', mean: 128, sigma: 60 } },
    })
      .png({ compressionLevel: 0 })
      .toBuffer();
    expect(picture.length).toBeGreaterThan(8_000_000);
    const image = `data:image/png;base64,${picture.toString('base64')}`;
    const made = await Promise.all(
      [1, 2, 3, 4, 5].map(() => client.call('remove_background', { image, return: 'none' })),
    );
    expect(made.map(({ isError }) => isError ?? false)).toEqual(made.map(() => false));
    const tooLarge = await client.call('edit_image', { prompt: 'x', images: [`${image}${'A'.repeat(3e6)}`] });
    expect([tooLarge.isError, tooLarge.content[0]?.text]).toEqual([true, expect.stringContaining('10 MB')]);
    const broken = await client.call('edit_image', {
      prompt: 'x',
      images: [`data:image/png;base64,${'A'.repeat(5000)}`],
    });
    expect([broken.isError, broken.content[0]?.text]).toEqual([true, expect.any(String)]);
  } finally {
    await client.close();
    await own.close();
  }
});
