import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient, type TaskEvent } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningProxy, startProxy } from './proxy.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const PAGE = `<!doctype html><html lang="en"><link href="./favicon.svg"><script src="./assets/a.js"></script></html>`;

let root: string;
let studio: TestStudio;

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limner-base-'));
  await mkdir(path.join(root, 'assets'));
  await writeFile(path.join(root, 'index.html'), PAGE);
  await writeFile(path.join(root, 'assets', 'a.js'), 'start()');
  studio = await startStudio({
    engines: [new ScriptedEngine()],
    layout: { webDir: root },
    environ: { BASE_PATH: '/limner/' },
  });
});
afterAll(async () => {
  await studio.close();
  await rm(root, { recursive: true });
});

describe.each([
  { name: 'a proxy that keeps the path', strips: false },
  { name: 'a proxy that strips the path', strips: true },
])('below a base path, behind $name', ({ strips }) => {
  let proxy: RunningProxy;
  beforeAll(async () => {
    proxy = await startProxy({ target: studio.url, path: '/limner', strips });
  });
  afterAll(() => proxy.close());
  const get = (address: string, accept = '*/*') =>
    fetch(new URL(address, proxy.url), { headers: { accept } });

  it('every page names its parts and its base in full', async () => {
    for (const address of [
      '/limner/',
      '/limner',
      '/limner?task=3',
      '/limner/history/3',
      '/limner/index.html',
    ]) {
      const answer = await get(address, 'text/html');
      expect([address, answer.status]).toEqual([address, 200]);
      expect(await answer.text()).toBe(
        '<!doctype html><html data-base="/limner" lang="en"><link href="/limner/favicon.svg"><script src="/limner/assets/a.js"></script></html>',
      );
    }
    expect(await (await get('/limner/assets/a.js')).text()).toBe('start()');
  });

  it('the description of the API names its parts in full and says where the API is', async () => {
    const page = await (await get('/limner/docs')).text();
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => part as string);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      const at = new URL(part, `${proxy.url}/docs`);
      expect([at.pathname, (await get(at.pathname)).status]).toEqual([
        expect.stringMatching(/^\/limner\/docs\//),
        200,
      ]);
    }
    expect(await (await get('/limner/docs/json')).json()).toMatchObject({ servers: [{ url: '/limner' }] });
  });

  it('pictures are made, sent on the socket, fetched, uploaded, and used again by their addresses', async () => {
    const client = createClient({ baseUrl: proxy.url });
    const socket = new WebSocket(`${proxy.url.replace('http', 'ws')}/ws`, {
      origin: new URL(proxy.url).origin,
    });
    onTestFinished(() => socket.terminate());
    const events: TaskEvent[] = [];
    socket.on('message', (data) => events.push(JSON.parse(String(data))));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all' }));

    const { id } = await client.call('generate', {
      body: { prompt: '/outputs/ are words', family: 'scripted' },
    });
    await studio.ended(id);
    const task = await client.call('getTask', { params: { id } });
    const url = task.frames[0]?.output?.url ?? '';
    expect(url).toMatch(new RegExp(`^/limner/outputs/${id}_0\\.png`));
    expect(task.output_paths).toEqual([`/limner/outputs/${id}_0.png`]);
    expect(task.prompt).toBe('/outputs/ are words');
    expect((await get(url)).headers.get('content-type')).toBe('image/png');
    await expect
      .poll(() => events.flatMap(({ id: of, frames = [] }) => (of === id ? frames : [])).at(-1)?.output?.url)
      .toMatch(/^\/limner\/outputs\//);

    const uploaded = await client.call('upload', { file: new Blob([tinyPng]), fileName: 'a.png' });
    expect(uploaded.url).toMatch(/^\/limner\/uploads\//);
    expect((await get(uploaded.url)).status).toBe(200);
    for (const input_image of [url, uploaded.url, new URL(url, proxy.url).href]) {
      const again = { prompt: 'again', family: 'scripted', input_image };
      expect((await client.call('generate', { body: again })).id).toBeGreaterThan(id);
    }
    const zip = await client.call('zipOutputs', { body: { outputs: [`${id}_0`] } });
    expect(zip.url).toMatch(/^\/limner\/api\/outputs\/zip\//);
    expect((await get(zip.url)).status).toBe(200);
  });
});

describe('a base path', () => {
  it('also answers without it, as other programs on this machine ask', async () => {
    const { origin } = new URL(studio.url);
    expect(studio.url).toBe(`${origin}/limner`);
    expect((await fetch(`${origin}/health`)).status).toBe(200);
    expect((await fetch(`${origin}/limnerx/health`)).status).toBe(404);
  });

  it('is not written where there is none', async () => {
    const plain = await startStudio({
      engines: [new ScriptedEngine()],
      layout: { webDir: root },
      environ: { BASE_PATH: '/' },
    });
    onTestFinished(() => plain.close());
    const page = await (await fetch(`${plain.url}/history`, { headers: { accept: 'text/html' } })).text();
    expect(page).toContain('data-base=""');
    expect(page).toContain('src="/assets/a.js"');
    const { id } = await plain.client.call('generate', { body: { prompt: 'x', family: 'scripted' } });
    expect((await plain.ended(id)).output_paths).toEqual([`/outputs/${id}_0.png`]);
  });
});
