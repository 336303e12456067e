import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { routes } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ScriptedEngine, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;

beforeAll(async () => {
  studio = await startStudio({
    engines: [new ScriptedEngine()],
    environ: { TRUSTED_PROXIES: '127.0.0.1', CORS_ORIGINS: 'https://art.example' },
  });
});
afterAll(() => studio.close());

describe('JSON that is nested thousands of levels deep', () => {
  const deep = `${'['.repeat(9_000)}${']'.repeat(9_000)}`;

  it('is refused with its field on every route that takes a body', async () => {
    const posts = Object.values(routes).filter((route) => 'body' in route);
    expect(posts.length).toBeGreaterThan(12);
    for (const { method, path } of posts) {
      const response = await fetch(studio.url + path.replace(/:\w+/g, '1'), {
        method,
        headers: { 'content-type': 'application/json' },
        body: `{"prompt":${deep}}`,
      });
      expect([path, response.status]).toEqual([path, 400]);
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', field: 'prompt' } });
    }
  });

  it('is refused on the socket, which stays open', async () => {
    const socket = new WebSocket(`${studio.url.replace('http', 'ws')}/ws`);
    const answers: unknown[] = [];
    const heard = new Promise<void>((resolve) => {
      socket.on('message', (data) => answers.push(JSON.parse(String(data))) === 2 && resolve());
    });
    socket.on('open', () => {
      socket.send(`{"type":"subscribe","tasks":${deep}}`);
      socket.send('{"type":"ping"}');
    });
    await heard;
    socket.close();
    expect(answers).toMatchObject([{ type: 'error', error: { code: 'invalid_request' } }, { type: 'pong' }]);
  });
});

it('a connection that follows tens of thousands of tasks by id is asked to follow all', async () => {
  const socket = new WebSocket(`${studio.url.replace('http', 'ws')}/ws`);
  const messages: { type?: string; error?: { code: string; field: string } }[] = [];
  await new Promise<void>((resolve) => {
    let sent = 0;
    const send = () => {
      const tasks = Array.from({ length: 500 }, (_, index) => 1 + sent * 500 + index);
      sent += 1;
      socket.send(JSON.stringify({ type: 'subscribe', tasks }));
    };
    socket.on('open', send);
    socket.on('message', (data) => {
      messages.push(JSON.parse(String(data)));
      if (sent < 22) send();
      else resolve();
    });
  });
  socket.close();
  expect(messages.filter(({ type }) => type === 'subscribed')).toHaveLength(20);
  expect(messages.at(-1)).toMatchObject({
    type: 'error',
    error: { code: 'invalid_request', field: 'tasks' },
  });
});

describe('the limit of requests a minute', () => {
  const from = (address: string, path: string) =>
    fetch(limited.url + path, { headers: { 'x-forwarded-for': address } }).then(({ status }) => status);
  let limited: TestStudio;
  beforeAll(async () => {
    limited = await startStudio({
      engines: [new ScriptedEngine()],
      environ: { RATE_LIMIT_PER_MINUTE: '3', TRUSTED_PROXIES: '127.0.0.0/8' },
    });
  });
  afterAll(() => limited.close());

  it('counts whatever the query says, and addresses that do not exist', async () => {
    for (const path of ['/api/tasks', '/api/nothing', '/api/tasks?x=/preview'])
      expect(await from('192.0.2.1', path)).not.toBe(429);
    for (const path of ['/api/tasks?x=/preview', '/api/styles?/preview', '/api/nothing'])
      expect([path, await from('192.0.2.1', path)]).toEqual([path, 429]);
  });

  it('counts each client behind a trusted proxy by itself, and never the health check', async () => {
    expect(await from('192.0.2.2', '/api/tasks')).toBe(200);
    for (let n = 0; n < 10; n++) expect(await from('192.0.2.1', '/health')).toBe(200);
  });
});

it('a page of another site may embed pictures only when its origin is allowed', async () => {
  const policy = async (headers: Record<string, string>) =>
    (await fetch(`${studio.url}/health`, { headers })).headers.get('cross-origin-resource-policy');
  expect(await policy({})).toBe('same-origin');
  expect(await policy({ referer: 'https://art.example/wall' })).toBe('cross-origin');
  expect(await policy({ origin: 'https://art.example' })).toBe('cross-origin');
  expect(await policy({ referer: 'https://evil.example/art.example' })).toBe('same-origin');
});

it('a preview that is no picture is not passed on under our name', async () => {
  let mediaType = '';
  const engine = new ScriptedEngine(async (_frame, { preview, progress, signal }) => {
    progress(0.5);
    preview(Buffer.from('<script>'), mediaType);
    return untilAborted(signal);
  });
  const own = await startStudio({ engines: [engine] });
  for (const [type, status] of Object.entries({
    'text/html': 404,
    'image/svg+xml': 404,
    'image/webp': 200,
  })) {
    mediaType = type;
    const { id } = await own.client.call('generate', { body: { prompt: 'a key' } });
    const address = await vi.waitFor(async () => {
      const { frames } = await own.client.call('getTask', { params: { id } });
      expect(frames[0]?.preview_url).not.toBeNull();
      return frames[0]?.preview_url;
    });
    const preview = await fetch(own.origin + address);
    expect([type, preview.status]).toEqual([type, status]);
    await own.client.call('cancelTask', { params: { id } });
  }
  await own.close();
});

it.each([
  ['of a body that is too large', '/api/generate', 413],
  ['of another type', '/api/styles', 415],
])('a refusal %s reaches a client that closes its connection after it', async (_, path, status) => {
  const { hostname, port, pathname } = new URL(studio.url);
  const body = 'A'.repeat(24 * 1024 ** 2);
  const head = [
    `POST ${pathname.replace(/\/$/, '')}${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Connection: close',
    `Content-Type: ${status === 415 ? 'text/csv' : 'application/json'}`,
    `Content-Length: ${body.length}`,
  ];
  const socket = connect(Number(port), hostname);
  // As Python's urllib does: it reads once it has sent everything.
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, () => resolve());
  });
  const answer = await text(socket);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain('"request_id"');
});
