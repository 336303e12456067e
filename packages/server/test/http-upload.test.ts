import { readdir } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { type ErrorAnswer, Upload } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const LIMIT_BYTES = 512 * 1024;
let studio: TestStudio;

beforeAll(async () => {
  studio = await startStudio({
    engines: [new ScriptedEngine()],
    environ: { MAX_FILE_SIZE: String(LIMIT_BYTES), MAX_MEGAPIXELS: '4' },
  });
});
afterAll(() => studio.close());

const picture = (width = 40, height = 20) =>
  sharp({ create: { width, height, channels: 4, background: { r: 10, g: 200, b: 90, alpha: 0.5 } } });

async function upload(bytes: Uint8Array | string, name = 'cat.png', field = 'file') {
  const form = new FormData();
  form.set(field, new Blob([bytes]), name);
  const response = await fetch(`${studio.url}/api/upload`, { method: 'POST', body: form });
  return { status: response.status, json: await response.json() };
}

/** An upload that is expected to be taken. */
async function uploaded(bytes: Uint8Array, name?: string): Promise<Upload> {
  const { status, json } = await upload(bytes, name);
  expect(status).toBe(201);
  return Upload.parse(json);
}

const stored = async (url: string) => Buffer.from(await (await fetch(studio.origin + url)).arrayBuffer());
const files = (folder: string) => readdir(path.join(studio.dataDir, folder)).catch(() => []);

describe('an upload', () => {
  it('is kept under an unguessable id and can be fetched', async () => {
    const made = await uploaded(await picture().png().toBuffer());
    expect(made).toMatchObject({ name: 'cat.png', media_type: 'image/png', width: 40, height: 20 });
    expect(made.id).toMatch(/^u[a-z2-7]{26}$/);
    const bytes = await stored(made.url);
    expect(bytes.length).toBe(made.size_bytes);
    expect((await sharp(bytes).metadata()).hasAlpha).toBe(true);
  });

  it('may come without a file name', async () => {
    const head =
      '--b\r\ncontent-disposition: form-data; name="file"\r\ncontent-type: application/octet-stream\r\n\r\n';
    const body = Buffer.concat([
      Buffer.from(head),
      await picture().png().toBuffer(),
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const answer = await fetch(`${studio.url}/api/upload`, { method: 'POST', headers, body });
    expect(answer.status).toBe(201);
    expect(Upload.parse(await answer.json()).name).toBe('picture');
  });

  it('can be named in a task by its id and by its address', async () => {
    const { id, url } = await uploaded(await picture().png().toBuffer());
    for (const input_image of [id, url, studio.origin + url, `${url}?w=256`]) {
      const body = { prompt: 'x', family: 'scripted', type: 'img2img', input_image } as const;
      expect((await studio.client.call('generate', { body })).input_image).toContain(id);
    }
  });

  it('can be fetched by its id alone, with the ending it has, and with no other', async () => {
    const { id, url } = await uploaded(await picture().jpeg().toBuffer());
    expect(url).toBe(`${studio.base}/uploads/${id}.jpg`);
    const bare = await fetch(`${studio.url}/uploads/${id}?w=128`);
    expect([bare.status, bare.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect((await stored(`/uploads/${id}`)).equals(await stored(url))).toBe(true);
    expect((await fetch(`${studio.url}/uploads/${id}.png`)).status).toBe(404);
  });

  it('is not fetched from this machine or its network', async () => {
    for (const url of [`${studio.url}/outputs/1_0.png`, 'http://169.254.169.254/latest/meta-data/']) {
      await expect(studio.client.call('uploadFromUrl', { body: { url } })).rejects.toMatchObject({
        code: 'url_refused',
        field: 'url',
      });
    }
    await expect(
      studio.client.call('uploadFromUrl', { body: { url: 'file:///etc/passwd' } }),
    ).rejects.toMatchObject({ code: 'invalid_request', field: 'url' });
  });

  it('is turned as its EXIF says and loses its place', async () => {
    const photo = await picture()
      .removeAlpha()
      .jpeg()
      .withExif({
        IFD0: { Orientation: '6', Copyright: 'me' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
      })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(photo.includes('Exif')).toBe(true);
    const made = await uploaded(photo, 'photo.jpg');
    expect(made).toMatchObject({ width: 20, height: 40, media_type: 'image/jpeg' });
    const kept = await sharp(await stored(made.url)).metadata();
    expect([kept.width, kept.height, kept.exif, kept.orientation]).toEqual([20, 40, undefined, undefined]);
  });

  it.each(['webp', 'gif', 'tiff', 'avif'] as const)('of %s becomes a PNG', async (format) => {
    const made = await uploaded(await picture().toFormat(format).toBuffer(), `a.${format}`);
    expect(made).toMatchObject({ media_type: 'image/png', width: 40, height: 20 });
    expect(made.url).toMatch(/\.png$/);
  });

  it('is known by its bytes, whatever its name says', async () => {
    const { json } = await upload(await picture().jpeg().toBuffer(), 'liar.svg');
    expect(json).toMatchObject({ media_type: 'image/jpeg', name: 'liar.svg' });
  });

  it.each([
    ['../../etc/passwd.png', 'passwd.png'],
    ['C:\\fakepath\\龙 的 图.png', '龙 的 图.png'],
    ['..', 'picture'],
    ['a\u202Egnp.exe', 'agnp.exe'],
    [`${'x'.repeat(500)}.png`, 'x'.repeat(200)],
  ])('called %s stays inside its folder', async (name, shown) => {
    const before = await files('.');
    const made = await uploaded(await picture().png().toBuffer(), name);
    expect(made.name).toBe(shown);
    expect(made.url.slice(studio.base.length)).toMatch(/^\/uploads\/u[a-z2-7]{26}\.png$/);
    expect(await files('.')).toEqual(before);
  });
});

describe('a file that is no picture for us', () => {
  const external = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>
    <svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><text>&x;</text></svg>`;

  it.each([
    ['an SVG with an external entity', external],
    ['a bare SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['a text', 'hello'],
    ['nothing', ''],
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n'],
    ['a portable pixmap', `P6 2 2 255\n${'abc'.repeat(4)}`],
  ])('%s is refused', async (_what, bytes) => {
    expect(await upload(bytes)).toMatchObject({
      status: 415,
      json: { error: { code: 'file_type', field: 'file' } },
    });
  });

  it.each([
    ['a HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'IMG_1.HEIC', 'HEIC'],
    ['text under the name of a PNG', Buffer.from('not a picture'), 'a.png', 'of an unknown kind'],
    ['a BMP', Buffer.from(`BM${'\0'.repeat(60)}`), 'a.bmp', 'BMP'],
    ['a PSD', Buffer.from(`8BPS\0\x01${'\0'.repeat(60)}`), 'a.psd', 'PSD'],
    [
      'a TGA',
      Buffer.from([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 0, 32, 8, 255, 2, 3, 4]),
      'a.tga',
      'TGA',
    ],
  ])('%s is refused by its name', async (_what, bytes, name, kind) => {
    const { status, json } = (await upload(bytes, name)) as { status: number; json: ErrorAnswer };
    expect([status, json.error.message]).toEqual([
      415,
      `This file is ${kind}, which Limner does not read. Send PNG, JPEG, WebP, GIF, AVIF or TIFF.`,
    ]);
  });

  it('is refused when it is cut short', async () => {
    const noise = Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * 7919) % 251));
    const raw = { raw: { width: 100, height: 100, channels: 3 as const } };
    for (const whole of [
      await sharp(noise, raw).png().toBuffer(),
      await sharp(noise, raw).jpeg().toBuffer(),
    ]) {
      const cut = await upload(whole.subarray(0, whole.length >> 1));
      expect(cut).toMatchObject({ status: 422, json: { error: { code: 'file_broken', field: 'file' } } });
    }
  });

  it('is refused by its header when it has too many pixels', async () => {
    expect(await upload(pngHeader(50_000, 50_000))).toMatchObject({
      status: 422,
      json: {
        error: { code: 'too_many_pixels', field: 'file', data: { width: 50_000, height: 50_000, limit: 4 } },
      },
    });
  });

  it('is refused when it is over the limit, whether it says so or not', async () => {
    const large = Buffer.alloc(LIMIT_BYTES + 1, 1);
    const tooLarge = {
      status: 413,
      json: { error: { code: 'file_too_large', field: 'file', data: { limit: '512 KiB' } } },
    };
    expect(await upload(large)).toMatchObject(tooLarge);
    expect(await upload(Buffer.alloc(LIMIT_BYTES * 3, 1))).toMatchObject(tooLarge);
    expect(await uploadWithoutLength(large)).toMatchObject(tooLarge);
    expect(await uploadWithoutLength(Buffer.alloc(LIMIT_BYTES * 4, 1))).toMatchObject(tooLarge);
  });

  it('leaves nothing behind', async () => {
    const before = await studio.stored.names('uploads');
    await upload('hello');
    await upload(pngHeader(50_000, 50_000));
    await upload(Buffer.alloc(LIMIT_BYTES + 1));
    expect(await studio.stored.names('uploads')).toEqual(before);
    expect(await files('.tmp/incoming')).toEqual([]);
    expect((await files('.tmp')).filter((name) => name !== 'incoming')).toEqual([]);
  });
});

describe('a refused upload', () => {
  const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n';

  it.each([
    ['that is too large', head, '413'],
    ['that is no form', 'no parts here', '400'],
  ])('%s leaves its connection to the next request', async (_what, start, status) => {
    const body = `${start}${'x'.repeat(LIMIT_BYTES * 8)}\r\n--x--\r\n`;
    const upload = `POST /api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const next = 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    expect(await statusesOver(upload + next)).toEqual([status, '200']);
  });
});

it('a body that is too large for its route leaves its connection to the next request', async () => {
  const body = JSON.stringify({ prompt: 'x'.repeat(4 * 1024 ** 2) });
  const refused = `POST /api/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const next = 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  expect(await statusesOver(refused + next)).toEqual(['413', '200']);
});

describe('a request to upload', () => {
  it('needs a multipart body with the field file', async () => {
    const json = await fetch(`${studio.url}/api/upload`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(json.status).toBe(415);
    expect(await json.json()).toMatchObject({
      error: { code: 'unsupported_body', data: { expected: 'multipart/form-data' } },
    });
    const none = await fetch(`${studio.url}/api/upload`, { method: 'POST', body: new FormData() });
    expect(await none.json()).toMatchObject({ error: { code: 'file_missing' } });
    const other = await upload(await picture().png().toBuffer(), 'a.png', 'image');
    expect(other.json).toMatchObject({ error: { code: 'file_missing' } });
    const broken = await fetch(`${studio.url}/api/upload`, {
      method: 'POST',
      body: 'no parts here',
      headers: { 'content-type': 'multipart/form-data' },
    });
    expect(await broken.json()).toMatchObject({ error: { code: 'file_missing' } });
  });
});

describe('an upload that breaks off', () => {
  it('between its boundaries is refused as incomplete', async () => {
    const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n';
    const response = await fetch(`${studio.url}/api/upload`, {
      method: 'POST',
      body: `${head}half a picture`,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect({ status: response.status, json: await response.json() }).toMatchObject({
      status: 422,
      json: { error: { code: 'file_broken' } },
    });
  });
});

/** Of the answers to requests that follow each other on one connection. */
async function statusesOver(requests: string): Promise<(string | undefined)[]> {
  const { hostname, port } = new URL(studio.url);
  const socket = net.connect(Number(port), hostname);
  socket.write(requests);
  const answers = Buffer.concat(await socket.toArray()).toString();
  return [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]);
}

/** A client that does not know beforehand how much it will send. */
async function uploadWithoutLength(bytes: Buffer) {
  const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n';
  async function* body() {
    yield Buffer.from(head);
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    yield Buffer.from('\r\n--x--\r\n');
  }
  const init = {
    method: 'POST',
    body: body(),
    duplex: 'half',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  };
  const response = await fetch(`${studio.url}/api/upload`, init as unknown as RequestInit);
  return { status: response.status, json: await response.json() };
}

/** A PNG that claims a size and holds next to nothing. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', size),
    chunk('IDAT', Buffer.alloc(64)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
