import { readdir } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
let url: string;
let bytes: Buffer;
let task: number;

beforeAll(async () => {
  bytes = await sharp({
    create: { width: 600, height: 300, channels: 4, background: { r: 200, g: 40, b: 20, alpha: 0.5 } },
  })
    .png()
    .toBuffer();
  studio = await startStudio({ engines: [new ScriptedEngine(() => bytes)] });
  const made = await studio.client.call('generate', {
    body: { prompt: 'A red dragon, 红色!', family: 'scripted' },
  });
  const ended = await studio.ended(made.id);
  task = made.id;
  url = studio.origin + ended.output_paths[0];
  bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
});
afterAll(() => studio.close());

const get = (address: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(address, { headers, method });
const body = async (response: Response) => Buffer.from(await response.arrayBuffer());

async function givePicture() {
  const form = new FormData();
  form.set('file', new Blob([bytes]), '龙 (1).png');
  const response = await fetch(`${studio.url}/api/upload`, { method: 'POST', body: form });
  return (await response.json()) as { url: string; id: string };
}

describe('a picture', () => {
  it('is sent whole, with its type and size', async () => {
    const response = await get(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await body(response)).toEqual(bytes);
  });

  it('answers HEAD with the same headers and no body', async () => {
    const response = await get(url, {}, 'HEAD');
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(await body(response)).toHaveLength(0);
  });

  it.each([
    ['bytes=0-9', 0, 9],
    ['bytes=10-', 10, -1],
    ['bytes=-5', -5, -1],
    ['bytes=5-99999999', 5, -1],
  ])('is sent in part for %s', async (range, start, end) => {
    const [from, to] = [start, end].map((at) => (at < 0 ? bytes.length + at : at)) as [number, number];
    const response = await get(url, { range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to}/${bytes.length}`);
    expect(await body(response)).toEqual(bytes.subarray(from, to + 1));
  });

  it('refuses a part it does not have, and ignores ranges it does not know', async () => {
    const beyond = await get(url, { range: `bytes=${bytes.length}-` });
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
    for (const range of ['lines=0-1', 'bytes=0-1,4-5', 'bytes=9-3', 'bytes=-']) {
      expect((await get(url, { range })).status).toBe(200);
    }
  });

  it('is not sent again to who has it', async () => {
    const etag = (await get(url)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const again = await get(url, { 'if-none-match': `"other", ${etag}` });
    expect(again.status).toBe(304);
    expect(await body(again)).toHaveLength(0);
    expect((await get(url, { range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await get(url, { range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
  });

  it('is asked for again unless its address names a version; an upload may be kept for ever', async () => {
    expect((await get(url)).headers.get('cache-control')).toBe('private, no-cache');
    expect((await get(`${url}?v=17`)).headers.get('cache-control')).toContain('immutable');
    const { url: uploaded } = await givePicture();
    expect((await get(studio.origin + uploaded)).headers.get('cache-control')).toContain('immutable');
  });

  it('is saved under a name with its prompt', async () => {
    const disposition = async (address: string) =>
      (await get(address)).headers.get('content-disposition') ?? '';
    expect(decodeURIComponent(await disposition(`${url}?download=1`))).toBe(
      `attachment; filename="${task}_0_a-red-dragon-_.png"; filename*=UTF-8''${task}_0_a-red-dragon-红色.png`,
    );
    const { url: uploaded } = await givePicture();
    expect(decodeURIComponent(await disposition(`${studio.origin}${uploaded}?download=1`))).toContain(
      "UTF-8''龙 (1).png",
    );
    expect(await disposition(url)).toBe('');
  });

  it.each([
    'nothing.png',
    '1_9.png',
    '999_0.png',
    '1_0.jpg',
    'rmbg_1.png',
    '..%2Flimner.db',
    '%2e%2e%2fx',
    '1_0.png%00',
    'limner.db',
  ])('called %s is not here', async (name) => {
    for (const folder of ['outputs', 'uploads']) {
      const response = await get(`${studio.url}/${folder}/${name}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'file_not_found' } });
    }
  });
});

describe('a thumbnail', () => {
  it('is a small WebP that keeps what is transparent', async () => {
    const response = await get(`${url}?w=128`);
    expect(response.headers.get('content-type')).toBe('image/webp');
    const small = await sharp(await body(response)).metadata();
    expect([small.format, small.width, small.height, small.hasAlpha]).toEqual(['webp', 128, 64, true]);
  });

  it('is never larger than the picture', async () => {
    expect((await sharp(await body(await get(`${url}?w=1024`))).metadata()).width).toBe(600);
  });

  it('has validators of its own', async () => {
    const [small, large, whole] = await Promise.all([get(`${url}?w=128`), get(`${url}?w=256`), get(url)]);
    expect(new Set([small, large, whole].map((response) => response.headers.get('etag'))).size).toBe(3);
  });

  it('is made once, also when asked for ten times at once', async () => {
    const put = vi.spyOn(studio.studio.blobs, 'put');
    const { url: uploaded } = await givePicture();
    put.mockClear();
    const all = await Promise.all(Array.from({ length: 10 }, () => get(`${studio.origin}${uploaded}?w=256`)));
    expect(all.map((response) => response.status)).toEqual(Array(10).fill(200));
    expect(put).toHaveBeenCalledTimes(1);
    put.mockRestore();
  });

  it('comes in four widths only', async () => {
    const response = await get(`${url}?w=300`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', field: 'w' } });
  });

  it('goes with its picture', async () => {
    const { id } = await studio.client.call('generate', { body: { prompt: 'x', family: 'scripted' } });
    const { output_paths } = await studio.ended(id);
    await get(`${studio.origin}${output_paths[0]}?w=128`);
    const kept = async () =>
      (await readdir(studio.onDisk('thumbs'))).filter((name) => name.includes(`-${id}_0`));
    expect(await kept()).toHaveLength(1);
    await studio.client.call('deleteTask', { params: { id } });
    expect((await get(`${studio.origin}${output_paths[0]}?w=128`)).status).toBe(404);
    await studio.client.call('emptyBin', { body: {} });
    await vi.waitFor(async () => expect(await kept()).toEqual([]));
  });
});

describe('a preview', () => {
  it('is the picture while it is being painted, never kept by a browser', async () => {
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const painting = await startStudio({
      engines: [
        new ScriptedEngine(async (_frame, context) => {
          context.preview(Buffer.from('half a dragon'), 'image/jpeg');
          await finished;
          return bytes;
        }),
      ],
    });
    const { id } = await painting.client.call('generate', { body: { prompt: 'x', family: 'scripted' } });
    const preview = await vi.waitFor(async () => {
      const response = await get(`${painting.url}/api/tasks/${id}/frames/0/preview`);
      expect(response.status).toBe(200);
      return response;
    });
    expect([preview.headers.get('content-type'), preview.headers.get('cache-control')]).toEqual([
      'image/jpeg',
      'no-store',
    ]);
    expect(String(await body(preview))).toBe('half a dragon');
    finish();
    await painting.ended(id);
    // A browser asks for it when the news of its end is still under way, and would report any error.
    const ended = await get(`${painting.url}/api/tasks/${id}/frames/0/preview`);
    expect([ended.status, await body(ended)]).toEqual([204, Buffer.alloc(0)]);
    expect((await get(`${painting.url}/api/tasks/${id}/frames/7/preview`)).status).toBe(404);
    expect((await get(`${painting.url}/api/tasks/${id + 1}/frames/0/preview`)).status).toBe(404);
    await painting.close();
  });
});
