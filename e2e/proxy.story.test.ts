import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Nginx, programAt, startNginx } from './nginx.ts';
import { discPng } from './picture.ts';
import { eventually, type Studio, story, WITH_WORKER } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };
const ENVIRON = { BASE_PATH: '/studio' };

const HOST = 'proxy_set_header Host $http_host;';
const SOCKETS = [
  'proxy_http_version 1.1;',
  'proxy_set_header Upgrade $http_upgrade;',
  'proxy_set_header Connection "upgrade";',
];
const below = (path: string, target: string, ...lines: string[]) => [
  `location ${path} { proxy_pass ${target}; ${lines.join(' ')} }`,
];

/** Servers of nginx in front of one Limner, right and wrong ones. */
const serversFor = (limner: string) => ({
  right: ['client_max_body_size 16m;', ...below('/studio/', limner, HOST, ...SOCKETS)],
  tls: below('/studio/', limner, HOST, ...SOCKETS),
  withoutSockets: ['client_max_body_size 2k;', ...below('/studio/', limner, HOST)],
  withoutHost: below('/studio/', limner),
  foreignHost: below('/studio/', limner, 'proxy_set_header Host art.example;', ...SOCKETS),
  otherPath: below('/elsewhere/', `${limner}/`, HOST, ...SOCKETS),
});

const missing = ['nginx', 'openssl'].find((name) => programAt(name) === null);
if (missing) console.log(`Limner behind nginx: skipped, ${missing} is not installed.`);

describe.skipIf(missing !== undefined)('with a real nginx', () => {
  story('Limner behind nginx, below a path', define, ENVIRON);
});

function define(studio: Studio): void {
  let nginx: Nginx;
  beforeAll(async () => {
    nginx = await startNginx(serversFor(new URL(studio.url).origin));
  });
  afterAll(() => nginx?.close());
  const at = (server: string, path = '/studio/') => `http://limner.localhost:${nginx.ports[server]}${path}`;

  test('paints with live progress; the viewer has a link that survives a reload; a picture is saved', async () => {
    const page = await studio.open('about:blank', WIDE);
    const heard = framesOf(page);
    await page.goto(at('right'));
    await paint(page, 'a red dragon');
    const article = page.getByRole('article').filter({ hasText: 'a red dragon' });
    await eventually(() => article.getByRole('group', { name: /Finished/ }).count()).toBe(4);
    expect(heard.some((text) => /"url":"\/studio\/outputs\/\d+_0\.png/.test(text))).toBe(true);

    const [{ id } = { id: 0 }] = (await studio.api.tasks()).items;
    await page.goto(at('right', `/studio/?viewer=${id}_1`));
    const viewer = page.getByRole('dialog', { name: 'Picture 2 of 4' });
    const picture = viewer.getByRole('img', { name: 'a red dragon, picture 2' });
    await picture.waitFor();
    await page.reload();
    await picture.waitFor();
    expect(new URL(page.url()).pathname).toBe('/studio/');
    await eventually(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(512);
    const download = page.waitForEvent('download');
    await page.keyboard.press('d');
    expect((await download).suggestedFilename()).toBe(`${id}_1_a-red-dragon.png`);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'History' }).click();
    await page.waitForURL(at('right', '/studio/history'));
    await page.reload();
    await page.getByRole('button', { name: /: a red dragon, / }).waitFor();
  });

  test('requests nothing outside its path, and every request succeeds', async () => {
    const page = await studio.open('about:blank', WIDE);
    const asked: [number, string][] = [];
    page.on('response', (answer) => asked.push([answer.status(), new URL(answer.url()).pathname]));
    for (const path of ['', 'remove-bg', 'training', 'history', 'queue', 'settings', 'docs']) {
      await page.goto(at('right', `/studio/${path}`));
      await page.waitForLoadState('networkidle');
    }
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter(([status, path]) => status >= 400 || !path.startsWith('/studio/'))).toEqual([]);
  });

  test('limits its service worker to its path, and starts without the server', async () => {
    const { id } = await studio.api.call('generate', { body: { prompt: 'a silver ring', style_id: 1 } });
    await studio.ended(id);
    const page = await studio.open(at('right', '/studio'), { ...WIDE, ...WITH_WORKER });
    await page.waitForURL(at('right', '/studio/'));
    const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
    expect(scope).toBe(at('right'));
    await eventually(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    const manifest = await page.locator('link[rel="manifest"]').getAttribute('href');
    expect(manifest).toBe('/studio/manifest.webmanifest');
    await studio.whileAway(async () => {
      await page.reload();
      await page.getByText('Reconnecting', { exact: true }).waitFor();
    });
    await page.getByRole('heading', { name: 'a silver ring' }).waitFor();
  });

  test('paints over TLS that nginx terminates', async () => {
    const page = await studio.open('about:blank', { ...WIDE, ignoreHTTPSErrors: true });
    const heard = framesOf(page);
    await page.goto(at('tls').replace('http:', 'https:'));
    await paint(page, 'a blue potion');
    const article = page.getByRole('article').filter({ hasText: 'a blue potion' });
    await eventually(() => article.getByRole('group', { name: /Finished/ }).count()).toBe(4);
    expect(heard.some((text) => text.includes('/studio/outputs/'))).toBe(true);
  });

  test('reports that WebSockets are not passed on, and polls instead', async () => {
    const page = await studio.open(at('withoutSockets'), WIDE);
    await page.getByRole('alert').filter({ hasText: 'proxy_set_header Upgrade $http_upgrade' }).waitFor();
    await page.getByText('No live connection', { exact: true }).waitFor();
    await paint(page, 'a green apple');
    const article = page.getByRole('article').filter({ hasText: 'a green apple' });
    await eventually(() => article.getByRole('group', { name: /Finished/ }).count()).toBe(4);
    // A task of another page ends here too, and a deleted one goes.
    const { id } = await studio.api.call('generate', { body: { prompt: 'a golden crown', style_id: 1 } });
    await page.getByRole('heading', { name: 'a golden crown' }).waitFor();
    await studio.ended(id);
    await studio.api.call('deleteTask', { params: { id } });
    await page.getByRole('heading', { name: 'a golden crown' }).waitFor({ state: 'detached' });
  });

  test('reports it in Chinese too, and reconnects when nothing answers', async () => {
    const page = await studio.open(at('withoutSockets'), { ...WIDE, locale: 'zh-CN' });
    await page.getByRole('alert').filter({ hasText: '没有转发 WebSocket' }).waitFor();
    await page.getByText('没有实时连接', { exact: true }).waitFor();
    await studio.whileAway(async () => {
      await page.getByText('正在重连', { exact: true }).waitFor();
    });
    await page.getByText('没有实时连接', { exact: true }).waitFor();
  });

  test('reports which limit of nginx an upload exceeds', async () => {
    const page = await studio.open(at('withoutSockets', '/studio/remove-bg'), WIDE);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /Drop pictures here/ }).click();
    const buffer = Buffer.concat([discPng(64, [210, 40, 40], [250, 250, 250]), randomBytes(200_000)]);
    await (await chooser).setFiles({ name: 'disc.png', mimeType: 'image/png', buffer });
    await page
      .getByText(/client_max_body_size/)
      .first()
      .waitFor();
  });

  test('reports that nginx replaces the Host', async () => {
    const page = await studio.open(at('withoutHost'), WIDE);
    await page.getByRole('alert').filter({ hasText: 'proxy_set_header Host $http_host' }).waitFor();
  });

  test.for([
    ['en-GB', 'Limner refused this request', 'Add it to ALLOWED_HOSTS.'],
    ['zh-CN', '画匠拒绝了此请求', '请将其加入 ALLOWED_HOSTS'],
  ] as const)('reports a refused Host on a page: %s', async ([locale, title, sentence]) => {
    const page = await studio.open(at('foreignHost'), { ...WIDE, locale });
    await page.getByRole('heading', { name: title }).waitFor();
    await page.getByText(sentence).waitFor();
    await page.getByText('ALLOWED_HOSTS=art.example', { exact: true }).waitFor();
  });

  test('reports that the path differs from BASE_PATH', async () => {
    const page = await studio.open(at('otherPath', '/elsewhere/'), WIDE);
    const sentence = page.getByText(/set BASE_PATH to that path/);
    await eventually(() => sentence.isVisible()).toBe(true);
    expect(await page.getByText(/请将\s*BASE_PATH\s*设为该路径/).isVisible()).toBe(true);
  });
}

/** Fills the prompt and presses Generate. */
async function paint(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
  const generate = page.getByRole('button', { name: /Generate/ });
  await eventually(() => generate.isEnabled()).toBe(true);
  await generate.click();
}

/** What the page's sockets receive from now on. */
function framesOf(page: Page): string[] {
  const heard: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  return heard;
}
