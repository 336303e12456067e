import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../src/http/server.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
let root: string;
const script = `export const dragon = '${'red '.repeat(1000)}';`;

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limner-web-'));
  const webDir = path.join(root, 'dist');
  const modelsDir = path.join(root, 'models');
  await mkdir(path.join(webDir, 'assets'), { recursive: true });
  await mkdir(path.join(modelsDir, 'starter'), { recursive: true });
  await writeFile(path.join(root, 'secret.txt'), 'secret');
  await writeFile(path.join(webDir, '.env'), 'secret');
  await writeFile(path.join(webDir, 'index.html'), '<!doctype html><title>Limner</title>');
  await writeFile(path.join(webDir, 'manifest.webmanifest'), '{}');
  await copyFile(
    path.join(import.meta.dirname, '../../web/public/favicon.ico'),
    path.join(webDir, 'favicon.ico'),
  );
  await writeFile(path.join(webDir, 'assets', 'index-a1b2c3.js'), script);
  await writeFile(path.join(modelsDir, 'NOTICE.md'), 'Weights: MIT');
  await writeFile(path.join(modelsDir, 'starter', 'NOTICE.md'), 'Icons: CC-BY');
  studio = await startStudio({ engines: [new ScriptedEngine()], layout: { webDir, modelsDir } });
});
afterAll(async () => {
  await studio.close();
  await rm(root, { recursive: true });
});

/** As much of the OpenAPI document as is looked at here. */
interface Content {
  content: Record<string, { schema: Record<string, unknown> }>;
}
interface Operation {
  parameters: { name: string; in: string; required: boolean }[];
  requestBody: Content;
  responses: Record<string, Content>;
}
interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

/** From the framework's drawing of its tree to `GET /api/tasks/{id}`. What answers HEAD and OPTIONS is no route of ours. */
function servedRoutes(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const found = /^([│ ]*)[├└]── (\S+?)(?: \((.*)\))?$/.exec(line);
    if (!found) return [];
    const [, indent = '', part = '', methods = ''] = found;
    above.splice(indent.length / 4);
    const path = [...above, part].join('').replace(/:(\w+)/g, '{$1}');
    above.push(part);
    return methods
      .split(', ')
      .filter((method) => method !== '' && method !== 'HEAD' && method !== 'OPTIONS')
      .map((method) => `${method} ${path}`);
  });
}

const HTML = { accept: 'text/html,application/xhtml+xml' };
const get = (address: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(studio.url + address, { headers, method });

describe('the web app', () => {
  it('has the icon that browsers ask for, in the usual sizes', async () => {
    const answer = await get('/favicon.ico');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/x-icon']);
    const icon = Buffer.from(await answer.arrayBuffer());
    const sizes = Array.from({ length: icon.readUInt16LE(4) }, (_, at) => icon[6 + 16 * at]);
    expect(sizes).toEqual([16, 32, 48]);
  });

  it.each(['/', '/history', '/tasks/12', '/remove-bg', '/index.html'])(
    'opens at %s and is asked for again',
    async (address) => {
      const response = await get(address, HTML);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toContain('<title>Limner');
      const etag = response.headers.get('etag') ?? '';
      expect((await get(address, { ...HTML, 'if-none-match': etag })).status).toBe(304);
    },
  );

  it('has its hashed files kept for ever, and short where the browser reads that', async () => {
    const response = await get('/assets/index-a1b2c3.js');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-type')).toContain('text/javascript');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toBe(script);
    const long = await get('/assets/index-a1b2c3.js', { 'accept-encoding': 'identity' });
    expect(long.headers.get('content-encoding')).toBeNull();
    expect(await long.text()).toBe(script);
    expect((await get('/manifest.webmanifest')).headers.get('content-type')).toContain(
      'application/manifest+json',
    );
  });

  it.each(['/api/none', '/assets/gone-000000.js', '/outputs/none.png', '/docs/none', '/health/x'])(
    'does not stand in for %s',
    async (address) => {
      const response = await get(address, HTML);
      expect(response.status).toBe(404);
      expect(await response.json()).toHaveProperty('error.code');
    },
  );

  it('is not an answer to a program that asks for something else', async () => {
    expect((await get('/history', { accept: 'application/json' })).status).toBe(404);
    expect((await get('/history', HTML, 'POST')).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/.env',
    '/assets/%2e%2e/%2e%2e/secret.txt',
  ])('gives nothing away at %s', async (address) => {
    const response = await get(address);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toBe('secret');
  });

  it('that is not built says so in a sentence', async () => {
    const bare = await startStudio({ engines: [new ScriptedEngine()] });
    const english = await fetch(bare.url);
    const chinese = await fetch(bare.url, { headers: { 'accept-language': 'zh' } });
    expect(english.status).toBe(503);
    expect(await english.text()).toContain('npm run build');
    expect(await chinese.text()).toContain('网页尚未构建');
    await bare.close();
  });
});

describe('the notices', () => {
  it('hold the licences of everything that ships', async () => {
    expect(await (await get('/notices')).text()).toBe('Weights: MIT\n\nIcons: CC-BY');
  });
});

describe('the documentation', () => {
  it('is a page without inline script, made of files of this server', async () => {
    const page = await (await get('/docs', HTML)).text();
    expect(page).not.toMatch(/<script>|https?:\/\//);
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string);
    expect(parts.length).toBe(4);
    for (const part of parts) {
      const response = await fetch(studio.origin + part);
      expect(response.status).toBe(200);
      expect((await response.text()).length).toBeGreaterThan(0);
    }
    expect((await get('/docs/parts/index.html')).status).toBe(404);
    expect((await get('/docs/parts/toString')).status).toBe(404);
  });

  it('prints every route, with its body, its answer and the shape of errors', async () => {
    const document = (await (await get('/docs/json')).json()) as OpenApi;
    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/api/tasks/{id}/frames/{index}/retry']?.post?.parameters).toEqual([
      expect.objectContaining({
        name: 'id',
        in: 'path',
        required: true,
        schema: expect.objectContaining({ type: 'integer' }),
      }),
      expect.objectContaining({ name: 'index', in: 'path', required: true }),
    ]);
    const generate = document.paths['/api/generate']?.post;
    const asked = generate?.requestBody.content['application/json']?.schema;
    expect(asked?.required).toEqual(['prompt']);
    expect(asked).toHaveProperty('properties.seed');
    expect(generate?.responses['201']?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/Task',
    });
    expect(generate?.responses.default?.content['application/json']?.schema).toMatchObject({
      $ref: '#/components/schemas/ErrorAnswer',
    });
    const list = document.paths['/api/tasks']?.get;
    expect(list?.parameters).not.toContainEqual(expect.objectContaining({ required: true }));
    expect(list?.parameters).not.toHaveLength(0);
    expect(list?.responses['200']?.content['application/json']?.schema).toMatchObject({ type: 'array' });
    const upload = document.paths['/api/upload']?.post?.requestBody.content['multipart/form-data'];
    expect(upload?.schema).toMatchObject({ properties: { file: { format: 'binary' } } });
  });

  it.each([
    ['/api/task/{task_id}', 'get', { properties: { detail: { type: 'string' }, code: { type: 'string' } } }],
    [
      '/sdapi/v1/txt2img',
      'post',
      { anyOf: [{ required: ['detail'] }, { required: ['error', 'detail', 'body', 'errors'] }] },
    ],
    [
      '/v1/images/generations',
      'post',
      { properties: { error: { required: ['message', 'type', 'param', 'code'] } } },
    ],
    ['/mcp', 'post', { anyOf: [{ required: ['jsonrpc', 'error', 'id'] }, { required: ['error'] }] }],
  ])('describes the refusals of %s in its own form', async (path, method, form) => {
    const { paths } = (await (await get('/docs/json')).json()) as OpenApi;
    expect(paths[path]?.[method]?.responses.default?.content['application/json']?.schema).toMatchObject(form);
  });

  it('leaves out nothing that is served, but itself and the probes of the process', async () => {
    const { paths } = (await (await get('/docs/json')).json()) as OpenApi;
    const app = await createServer(studio.studio);
    const served = servedRoutes(app.printRoutes({ commonPrefix: false }));
    await app.close();
    expect(served).toContain('GET /loras/{file}');
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const own = (route: string) => / \/(docs|openapi\.json$|healthz$|readyz$)/.test(route);
    expect(served.filter((route) => !own(route) && !documented.includes(route))).toEqual([]);
    expect(documented.filter((route) => !served.includes(route))).toEqual([]);
  });

  it('refers only to schemas it holds', async () => {
    const text = await (await get('/docs/json')).text();
    const { schemas } = JSON.parse(text).components;
    const names = [...text.matchAll(/#\/components\/schemas\/([\w-]+)/g)].map((match) => match[1]);
    for (const name of new Set(names)) expect(schemas).toHaveProperty([name as string]);
    expect(text).not.toContain('#/definitions');
  });
});
