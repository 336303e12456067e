import { readdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Upload } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startStudio({ engines: [new ScriptedEngine()] });
});
afterAll(() => studio.close());

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const noise = (side: number) =>
  sharp(Buffer.from(Uint8Array.from({ length: 3 * side * side }, (_, i) => (i * 7919) % 251)), {
    raw: { width: side, height: side, channels: 3 },
  });
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c8442c' }, limitInputPixels: false });

async function upload(bytes: Buffer) {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(bytes)]), 'x');
  const response = await fetch(`${studio.url}/api/upload`, { method: 'POST', body: form });
  return { status: response.status, json: await response.json() };
}
const broken = { status: 422, json: { error: { code: 'file_broken', field: 'file' } } };
const small = (url: string) => fetch(`${studio.origin}${url}?w=256`);

/** The same JPEG with another size in its frame header. */
function claiming(jpeg: Buffer, side: number): Buffer {
  const lying = Buffer.from(jpeg);
  const frame = lying.indexOf(Buffer.from([0xff, 0xc0]));
  lying.writeUInt16BE(side, frame + 5);
  lying.writeUInt16BE(side, frame + 7);
  return lying;
}

describe('a JPEG with too little data for its size', () => {
  it('is refused by its length alone', async () => {
    const lying = claiming(await plain(90, 60).jpeg().toBuffer(), 7000);
    expect(await upload(lying)).toMatchObject(broken);
  });

  it('is refused where its data ends, also when something follows', async () => {
    const jpeg = await noise(400).jpeg().toBuffer();
    const half = Buffer.concat([jpeg.subarray(0, jpeg.length >> 1), END_OF_IMAGE]);
    expect(await upload(half)).toMatchObject(broken);
    expect(await upload(Buffer.concat([half, Buffer.alloc(100_000, 7)]))).toMatchObject(broken);
    expect(await upload(claiming(jpeg, 600))).toMatchObject(broken);
  });

  it('is another thing than a few bytes too many, as cameras leave them', async () => {
    const jpeg = await noise(400).jpeg().toBuffer();
    const padded = Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(20, 7), END_OF_IMAGE]);
    expect((await upload(padded)).status).toBe(201);
  });

  it('is not a plain JPEG that is as small as can be', async () => {
    for (const progressive of [false, true]) {
      const jpeg = plain(4000, 4000).jpeg({ progressive, optimiseCoding: true, quality: 1 });
      expect((await upload(await jpeg.toBuffer())).status).toBe(201);
    }
  });
});

describe('a large picture', () => {
  it('is decoded to its last pixel, turned, and its end leaves nothing behind', async () => {
    const photo = await plain(3000, 2000).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect((await upload(photo)).json).toMatchObject({ width: 2000, height: 3000, media_type: 'image/jpeg' });
    const png = await noise(2200).png().toBuffer();
    expect(await upload(png.subarray(0, png.length - 100_000))).toMatchObject(broken);
    expect(await readdir(path.join(studio.dataDir, '.tmp', 'incoming'))).toEqual([]);
  });

  it('in a kind that needs much memory has a lower limit, which the refusal names', async () => {
    const avif = await plain(5100, 5100).avif({ effort: 0 }).toBuffer();
    expect(await upload(avif)).toMatchObject({
      status: 422,
      json: { error: { code: 'too_many_pixels', data: { width: 5100, height: 5100, limit: 25 } } },
    });
  });
});

describe('the thumbnail', () => {
  it('of a very tall or very wide picture has a bounded height and the picture’s shape', async () => {
    for (const [width, height, expected] of [
      [1, 50_000, [1, 2048]],
      [100, 20_000, [10, 2048]],
      [20_000, 10, [256, 1]],
    ] as const) {
      const { url } = Upload.parse((await upload(await plain(width, height).png().toBuffer())).json);
      const response = await small(url);
      expect(response.status).toBe(200);
      const thumb = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
      expect([thumb.width, thumb.height]).toEqual(expected);
    }
  });

  it('of an empty, cut or exchanged file is refused in a sentence', async () => {
    const body = { prompt: 'x', family: 'scripted', batch_size: 3 } as const;
    const { id } = await studio.client.call('generate', { body });
    await studio.ended(id);
    const file = (index: number) => studio.onDisk(`outputs/${id}_${index}.png`);
    await truncate(file(0), 0);
    await truncate(file(1), 60);
    await writeFile(file(2), await plain(9000, 9000).png().toBuffer());
    for (const index of [0, 1, 2]) {
      const response = await small(`/outputs/${id}_${index}.png`);
      expect({ status: response.status, json: await response.json() }).toMatchObject({
        status: 422,
        json: { error: { code: 'picture_damaged' } },
      });
    }
  });
});

describe('an upscale', () => {
  it.each([
    [1, 50_000],
    [7070, 7070],
  ])('of %i × %i is refused when it is asked for, by the size it would have', async (width, height) => {
    const { id } = Upload.parse((await upload(await plain(width, height).png().toBuffer())).json);
    const asked = studio.client.call('upscale', { body: { input_image: id, factor: 4 } });
    await expect(asked).rejects.toMatchObject({
      code: 'result_too_large',
      field: 'factor',
      data: { factor: 4, width: 4 * width, height: 4 * height },
    });
  });
});
