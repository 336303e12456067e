import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;

beforeAll(async () => {
  studio = await startStudio({
    engines: [new ScriptedEngine()],
    environ: { CORS_ORIGINS: 'https://art.example', ALLOWED_HOSTS: 'studio.example' },
  });
});
afterAll(() => studio.close());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** `fetch` does not let a test write Host, Origin and Sec-Fetch-Site. */
function send(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  at = studio.url,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(at + path, { method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject).end();
  });
}

/** Sends bytes that no HTTP client sends. */
async function raw(request: string): Promise<string> {
  const socket = connect(Number(port()), '127.0.0.1');
  socket.end(request);
  return text(socket);
}

const code = (answer: Answer) => (answer.status < 400 ? null : JSON.parse(answer.body).error.code);
const port = () => new URL(studio.url).port;

function handshake(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${studio.url.replace('http', 'ws')}/ws`, { headers });
    socket.on('open', () => {
      resolve(101);
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

describe('the Host of a request', () => {
  it.each([
    'localhost',
    'localhost:9000',
    '127.0.0.1',
    '[::1]:9000',
    'LOCALHOST',
    'app.localhost',
    '192.168.1.20:9000',
    'studio.example',
  ])('%s is answered', async (host) => expect(code(await send('/health', { host }))).toBeNull());

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:9000',
    'user@localhost',
    'local host',
    'localhost/x',
  ])('%s is refused', async (host) => {
    const answer = await send('/health', { host });
    expect([answer.status, code(answer)]).toEqual([421, 'host_refused']);
  });

  it('as a trusted proxy forwards it has to be known too, and takes the place of no other', async () => {
    const known = { ALLOWED_HOSTS: 'studio.example', TRUSTED_PROXIES: '127.0.0.1,::1' };
    const proxied = await startStudio({ engines: [new ScriptedEngine()], environ: known });
    try {
      const refused = async (host: string, forwarded: string) => {
        const headers = { host, 'x-forwarded-host': forwarded };
        const answer = await send('/api/tasks', headers, 'GET', proxied.url);
        return answer.status === 421 ? JSON.parse(answer.body).error.data.host : null;
      };
      expect(await refused('127.0.0.1', 'studio.example')).toBeNull();
      expect(await refused('127.0.0.1', 'evil.example')).toBe('evil.example');
      expect(await refused('127.0.0.1', 'a b')).toBe('a b');
      expect(await refused('127.0.0.1', 'studio.example, evil.example')).toBe('evil.example');
      expect(await refused('evil.example', 'studio.example')).toBe('evil.example');
    } finally {
      await proxied.close();
    }
    // Of another client it says nothing.
    expect(code(await send('/api/tasks', { 'x-forwarded-host': 'evil.example' }))).toBeNull();
  });

  it('is required', async () => {
    const answer = await raw('GET /health HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('"code":"host_missing"');
    expect(answer).toContain('proxy_set_header Host $http_host');
    expect(await raw('GET / HTTP/1.0\r\nAccept: text/html\r\n\r\n')).toContain('<h1>Limner refused');
  });

  it.each([
    ['en', '"evil.example:81". Add it'.replaceAll('"', '&quot;'), 'Limner refused this request'],
    ['zh-CN', '将其加入 ALLOWED_HOSTS', '画匠拒绝了此请求'],
  ])('is refused with a page that names the remedy: %s', async (language, sentence, title) => {
    const headers = { host: 'evil.example:81', accept: 'text/html,*/*', 'accept-language': language };
    for (const path of ['/', '/history']) {
      const answer = await send(path, headers);
      expect([answer.status, answer.headers['content-type']]).toEqual([421, 'text/html; charset=utf-8']);
      expect(answer.body).toContain(`<h1>${title}</h1>`);
      expect(answer.body).toContain(sentence);
      expect(answer.body).toContain('<pre>ALLOWED_HOSTS=evil.example</pre>');
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    }
  });

  it('is escaped on that page', async () => {
    const answer = await send('/', { host: '"><script>alert(1)</script>', accept: 'text/html' });
    expect(answer.body).toContain('&lt;script&gt;');
    expect(answer.body).not.toContain('<script');
    expect(answer.body).not.toContain('<pre>');
  });

  it('is checked for pictures, pages and the socket too', async () => {
    for (const path of ['/outputs/1_0.png', '/', '/docs', '/nothing']) {
      expect((await send(path, { host: 'evil.example' })).status).toBe(421);
    }
    expect(await handshake({ host: 'evil.example' })).toBe(421);
  });
});

describe('the Origin of a request', () => {
  it('may be our own page or a listed one', async () => {
    const own = `http://localhost:${port()}`;
    expect(code(await send('/health', { host: `localhost:${port()}`, origin: own }))).toBeNull();
    const listed = await send('/health', { origin: 'https://art.example' });
    expect(listed.headers['access-control-allow-origin']).toBe('https://art.example');
  });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost:1',
    'https://art.example.evil.example',
    'nonsense',
  ])('%s is refused', async (origin) => {
    const answer = await send('/api/tasks', { host: `localhost:${port()}`, origin });
    expect([answer.status, code(answer)]).toEqual([403, 'origin_refused']);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(await handshake({ origin })).toBe(403);
  });

  it('may be an https page behind a proxy that terminates TLS and keeps the Host', async () => {
    for (const [host, origin] of [
      ['studio.example', 'https://studio.example'],
      ['studio.example:8443', 'https://studio.example:8443'],
      ['studio.example:443', 'https://studio.example'],
    ] as const)
      for (const proto of ['https', 'http', ''])
        expect(code(await send('/api/tasks', { host, origin, 'x-forwarded-proto': proto }))).toBeNull();
    expect(await handshake({ host: 'studio.example', origin: 'https://studio.example' })).toBe(101);
  });

  it('is not checked for the files of the web app, which must start to report the cause', async () => {
    const origin = 'https://studio.example';
    expect(code(await send('/assets/a.js', { origin }))).toBe('route_not_found');
    expect(code(await send('/assets/a.js', { origin }, 'POST'))).toBe('origin_refused');
    expect(code(await send('/assets', { origin }))).toBe('origin_refused');
  });

  it('is refused with the remedy where a proxy changes the Host', async () => {
    const host = `127.0.0.1:${port()}`;
    const answer = await send('/api/tasks', { host, origin: 'https://studio.example' });
    expect([answer.status, code(answer)]).toEqual([403, 'origin_refused']);
    expect(answer.body).toContain(`host \\"${host}\\"`);
    expect(answer.body).toContain('proxy_set_header Host $http_host');
  });

  it('is requested before a browser sends anything', async () => {
    const asked = {
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'content-type',
    };
    const listed = await send('/api/tasks/1', { origin: 'https://art.example', ...asked }, 'OPTIONS');
    expect(listed.status).toBe(204);
    expect(listed.headers['access-control-allow-methods']).toContain('DELETE');
    expect((await send('/api/tasks/1', { origin: 'https://evil.example', ...asked }, 'OPTIONS')).status).toBe(
      403,
    );
  });

  it('may be absent when a client asks for the methods', async () => {
    expect((await send('/api/tasks', {}, 'OPTIONS')).status).toBe(204);
  });

  it('may be absent, but not when the browser says that another site sends something', async () => {
    expect(code(await send('/api/tasks/1/cancel', {}, 'POST'))).toBe('task_not_found');
    expect(code(await send('/api/tasks/1/cancel', { 'sec-fetch-site': 'cross-site' }, 'POST'))).toBe(
      'origin_refused',
    );
    expect(code(await send('/health', { 'sec-fetch-site': 'cross-site' }))).toBeNull();
    expect(await handshake({})).toBe(101);
  });
});

describe('every answer', () => {
  it('carries the headers that keep a browser safe', async () => {
    const { headers } = await send('/health');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`ws://127.0.0.1:${port()}`);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    });
    expect(headers.server ?? headers['x-powered-by']).toBeUndefined();
  });

  it('of an error carries them too', async () => {
    const { headers } = await send('/api/tasks/999999');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  });
});

describe('the number of requests', () => {
  it('is limited per address, and says when to come again; pictures are not counted', async () => {
    const narrow = await startStudio({
      engines: [new ScriptedEngine()],
      environ: { RATE_LIMIT_PER_MINUTE: '5' },
    });
    const ask = (path: string) => send(path, {}, 'GET', narrow.url);
    for (let i = 0; i < 5; i++) expect((await ask('/api/styles')).status).toBe(200);
    const refused = await ask('/api/styles');
    expect([refused.status, code(refused)]).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('/outputs/1_0.png')).status).toBe(404);
    await narrow.close();
  });
});
