/** Animations from request to file: sheets, GIF, WebP and APNG of pictures and of the kept frames of a video. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type AnimationInput, type Output, PICTURE_TEXT_KEYWORD, type Task } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { pngChunks } from '../src/images/png-chunks.ts';
import { textOf } from '../src/images/png-text.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { newerObjectInfo } from './fake-comfy/fake-object-info.ts';
import { mcpClient } from './mcp/mcp-clients.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { unpacked } from './unpacked.ts';

const LONG_MS = 60_000;
const [WIDTH, HEIGHT] = [40, 24];
const COLOURS = ['#d02020', '#20a040', '#2040d0', '#e0c020', '#8020a0'];

let fake: FakeComfy;
let studio: TestStudio;
/** A square of its own colour and place on a transparent ground. */
let frames: string[];

const squareOn = (background: string, at: number) =>
  sharp({ create: { width: WIDTH, height: HEIGHT, channels: 4, background } })
    .composite([
      {
        input: { create: { width: 8, height: 8, channels: 4, background: COLOURS[at] ?? '#fff' } },
        left: 4 + 2 * at,
        top: 10,
      },
    ])
    .png()
    .toBuffer();

async function uploaded(bytes: Buffer): Promise<string> {
  const file = new Blob([new Uint8Array(bytes)]);
  return (await studio.client.call('upload', { file, fileName: 'frame.png' })).id;
}

beforeAll(async () => {
  fake = await FakeComfy.start({ nodes: newerObjectInfo(), faults: { newer: true } });
  studio = await startStudio({ environ: { COMFYUI_URL: fake.url, PATH: '' } });
  frames = [];
  for (const at of COLOURS.keys()) frames.push(await uploaded(await squareOn('#00000000', at)));
});
afterAll(async () => {
  await studio.close();
  await fake.close();
});

const animate = (body: Partial<AnimationInput> & Pick<AnimationInput, 'format'>) =>
  studio.client.call('animate', { body: { frames, ...body } });

async function made(
  body: Partial<AnimationInput> & Pick<AnimationInput, 'format'>,
): Promise<Task & { outputs: Output[] }> {
  const task = await studio.ended((await animate(body)).id, LONG_MS);
  expect(task.frames[0]?.error).toBeNull();
  return { ...task, outputs: task.frames[0]?.outputs ?? [] };
}

const bytesOf = async ({ url }: Output) => Buffer.from(await (await fetch(studio.url + url)).arrayBuffer());
const first = ([output]: Output[]): Output => output as Output;

/** The pixels of a picture or of one page of it. */
const pixelsOf = (bytes: Buffer, page = 0) =>
  sharp(bytes, { page }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
const sources = () =>
  Promise.all(COLOURS.map(async (_, at) => (await pixelsOf(await squareOn('#00000000', at))).data));

/** Seen on white, because what a transparent pixel holds is not shown. */
const seen = (rgba: Buffer) =>
  Buffer.from(
    Array.from({ length: rgba.length / 4 }, (_, at) =>
      rgba[4 * at + 3] === 0 ? [0, 0, 0, 0] : [...rgba.subarray(4 * at, 4 * at + 4)],
    ).flat(),
  );

describe('an animated WebP', () => {
  it('has every frame to the byte, with its time', async () => {
    const { outputs, task_kind, prompt } = await made({ format: 'webp', fps: 30, name: 'walk' });
    expect([task_kind, prompt]).toEqual(['animation', '']);
    expect(outputs).toMatchObject([
      { role: 'main', media_type: 'image/webp', width: WIDTH, height: HEIGHT, duration_ms: 167, fps: 30 },
    ]);
    const bytes = await bytesOf(first(outputs));
    const facts = await sharp(bytes, { animated: true }).metadata();
    expect(facts).toMatchObject({
      pages: 5,
      pageHeight: HEIGHT,
      loop: 0,
      delay: [33, 34, 33, 33, 34],
      hasAlpha: true,
    });
    for (const [page, source] of (await sources()).entries())
      expect(seen((await pixelsOf(bytes, page)).data)).toEqual(seen(source));
  });

  it('is smaller with a quality, and plays once if asked', async () => {
    const { outputs } = await made({ format: 'webp', quality: 60, loop: false, fps: 2.5 });
    const facts = await sharp(await bytesOf(first(outputs)), { animated: true }).metadata();
    expect(facts).toMatchObject({ pages: 5, loop: 1, delay: Array(5).fill(400) });
  });
});

describe('a GIF', () => {
  it('has every frame in its place, cleared before the next, with the whole time', async () => {
    const { outputs } = await made({ format: 'gif', fps: 12 });
    const bytes = await bytesOf(first(outputs));
    const facts = await sharp(bytes, { animated: true }).metadata();
    expect(facts).toMatchObject({
      format: 'gif',
      pages: 5,
      pageHeight: HEIGHT,
      loop: 0,
      delay: [80, 90, 80, 80, 90],
    });
    for (const [page, source] of (await sources()).entries())
      expect(seen((await pixelsOf(bytes, page)).data)).toEqual(seen(source));
  });
});

describe('an APNG', () => {
  it('has its control chunks in order, and the first frame for programs without animation', async () => {
    const { outputs } = await made({ format: 'apng', fps: 12 });
    expect(first(outputs)).toMatchObject({ media_type: 'image/apng', width: WIDTH, height: HEIGHT });
    const bytes = await bytesOf(first(outputs));
    const chunks = pngChunks(bytes);
    expect(chunks.find(({ type }) => type === 'acTL')?.data.readUInt32BE(0)).toBe(5);
    const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT');
    expect(numbered.map(({ data }) => data.readUInt32BE(0))).toEqual(numbered.map((_, at) => at));
    const [control] = chunks.filter(({ type }) => type === 'fcTL');
    expect([control?.data.readUInt16BE(20), control?.data.readUInt16BE(22)]).toEqual([1, 12]);
    expect((await pixelsOf(bytes)).data).toEqual((await sources())[0]);
  });
});

describe('a sprite sheet', () => {
  const archive = async (outputs: Output[]) => unpacked(await bytesOf(outputs[1] as Output));

  it('is a picture and an archive whose files give each frame back', async () => {
    const { outputs, output_paths } = await made({
      format: 'sheet',
      name: 'walk',
      fps: 10,
      columns: 3,
      padding: 1,
    });
    expect(outputs).toMatchObject([
      { role: 'sheet', media_type: 'image/png', width: 3 * WIDTH + 4, height: 2 * HEIGHT + 3 },
      { role: 'archive', media_type: 'application/zip' },
    ]);
    expect(output_paths).toEqual([first(outputs).url]);
    const files = await archive(outputs);
    expect([...files.keys()].sort()).toEqual(['walk.json', 'walk.png', 'walk.tres']);
    const sheet = JSON.parse(files.get('walk.json')?.toString() ?? '');
    expect(sheet.meta).toMatchObject({ image: 'walk.png', size: { w: 3 * WIDTH + 4, h: 2 * HEIGHT + 3 } });
    expect(sheet.animations).toEqual({
      walk: ['walk_0000', 'walk_0001', 'walk_0002', 'walk_0003', 'walk_0004'],
    });
    for (const [at, source] of (await sources()).entries()) {
      const { frame, duration } = sheet.frames[`walk_000${at}`];
      expect(duration).toBe(100);
      const cut = await sharp(files.get('walk.png'))
        .extract({ left: frame.x, top: frame.y, width: frame.w, height: frame.h })
        .ensureAlpha()
        .raw()
        .toBuffer();
      expect(cut).toEqual(source);
    }
    const godot = files.get('walk.tres')?.toString() ?? '';
    expect(godot).toContain('[ext_resource type="Texture2D" path="walk.png" id="1_sheet"]');
    expect(godot).toContain(`region = Rect2(${WIDTH + 2}, 1, ${WIDTH}, ${HEIGHT})`);
    expect(godot).toContain('"speed": 10.000');
  });

  it('is written in bands where its rows of cells are large', async () => {
    const [width, height] = [1000, 1100];
    const striped = await sharp(Buffer.from([255, 0, 0, 255, 0, 0, 255, 128]), {
      raw: { width: 1, height: 2, channels: 4 },
    })
      .resize(width, height, { fit: 'fill', kernel: 'linear' })
      .png()
      .toBuffer();
    const turned = await sharp(striped).flip().png().toBuffer();
    const both = [await uploaded(striped), await uploaded(turned)];
    const { outputs } = await made({ format: 'sheet', frames: both, columns: 2, padding: 3 });
    const sheet = await bytesOf(first(outputs));
    for (const [at, source] of [striped, turned].entries()) {
      const box = { left: 3 + at * (width + 3), top: 3, width, height };
      const cut = await sharp(sheet).extract(box).raw().toBuffer();
      expect(cut.equals(await sharp(source).raw().toBuffer())).toBe(true);
    }
  });

  it('carries its recipe, which makes it again', async () => {
    const { outputs } = await made({ format: 'sheet' });
    const text = textOf(await bytesOf(first(outputs)), PICTURE_TEXT_KEYWORD) ?? '';
    const { recipe } = JSON.parse(text);
    expect(recipe).toMatchObject({ kind: 'animation', references: frames });
    const again = await studio.client.call('createTask', { body: { recipe } });
    expect((await studio.ended(again.id, LONG_MS)).status).toBe('completed');
  });

  it('leaves common transparent edges out and says where they were', async () => {
    const { outputs } = await made({
      format: 'sheet',
      name: 'walk',
      trim: true,
      power_of_two: true,
      padding: 0,
    });
    expect(first(outputs)).toMatchObject({ width: 32, height: 32 });
    const sheet = JSON.parse((await archive(outputs)).get('walk.json')?.toString() ?? '');
    expect(sheet.frames.walk_0000).toMatchObject({
      frame: { x: 0, y: 0, w: 16, h: 8 },
      trimmed: true,
      spriteSourceSize: { x: 4, y: 10, w: 16, h: 8 },
      sourceSize: { w: WIDTH, h: HEIGHT },
    });
  });

  it('of a single pixel', async () => {
    const pixel = await uploaded(
      await sharp({ create: { width: 1, height: 1, channels: 4, background: '#f00' } })
        .png()
        .toBuffer(),
    );
    for (const format of ['sheet', 'gif', 'webp', 'apng'] as const) {
      const { outputs } = await made({ format, frames: [pixel], padding: 0 });
      const { data, info } = await pixelsOf(await bytesOf(first(outputs)));
      expect([format, info.width, info.height, ...data]).toEqual([format, 1, 1, 255, 0, 0, 255]);
    }
  });
});

it('reduces large frames to the longer side that is asked for', async () => {
  const { outputs } = await made({ format: 'webp', max_side: 20 });
  expect(first(outputs)).toMatchObject({ width: 20, height: 12 });
});

it('cuts each frame out of its background', async () => {
  const onGreen = await Promise.all([0, 1].map(async (at) => uploaded(await squareOn('#30c050', at))));
  const { outputs } = await made({ format: 'apng', frames: onGreen, cut_out: true });
  const { data } = await pixelsOf(await bytesOf(first(outputs)));
  const alphaAt = (x: number, y: number) => data[4 * (y * WIDTH + x) + 3];
  expect([alphaAt(1, 1), alphaAt(8, 14)]).toEqual([0, 255]);
});

it('is made over MCP, and refused there with the reason', { timeout: LONG_MS }, async () => {
  const client = await mcpClient('2026', studio.url);
  onTestFinished(() => client.close());
  const sheet = { frames, format: 'sheet', fps: 10, columns: 1, max_side: 20, return: 'none' };
  const { task_id } = (await client.call('make_animation', { ...sheet, wait_seconds: 0 })).structuredContent;
  const task = await studio.ended(task_id, LONG_MS);
  expect(task.recipe.animation).toMatchObject({ format: 'sheet', fps: 10, columns: 1, max_side: 20 });
  const types = task.frames[0]?.outputs.map(({ media_type }) => media_type);
  expect(types).toEqual(['image/png', 'application/zip']);
  const refused = await client.call('make_animation', { frames, format: 'gif', fps: 60 });
  expect([refused.isError, refused.content[0]?.text]).toEqual([
    true,
    expect.stringContaining('50 frames per second'),
  ]);
});

describe('a video', () => {
  it('is its kept frames, and leaves no files of the work behind', async () => {
    const isHere = async () =>
      (await studio.client.call('listFamilies', {})).some(
        ({ id, available }) => id === 'wan22-5b' && available,
      );
    await vi.waitUntil(isHere, { timeout: 20_000, interval: 50 });
    const body = { prompt: 'a flag', frames: 5, width: 96, height: 64, keep_frames: true };
    const video = await studio.ended((await studio.client.call('video', { body })).id, LONG_MS);
    const { recipe, outputs } = await made({ format: 'gif', frames: [`${video.id}_0`] });
    expect(recipe.references).toEqual(
      video.frames[0]?.outputs.filter(({ role }) => role === 'still').map(({ id }) => id),
    );
    expect((await sharp(await bytesOf(first(outputs)), { animated: true }).metadata()).pages).toBe(5);
    const left = () => readdir(path.join(studio.dataDir, 'runs')).catch(() => []);
    await vi.waitUntil(async () => (await left()).length === 0, { timeout: 20_000, interval: 50 });
  });

  it('whose frames were not kept says how to get them', async () => {
    const video = await studio.ended(
      (await studio.client.call('video', { body: { prompt: 'a flag', frames: 5 } })).id,
      LONG_MS,
    );
    await expect(animate({ format: 'gif', frames: [`${video.id}_0`] })).rejects.toMatchObject({
      code: 'video_frames_missing',
      field: 'frames.0',
    });
  });
});

describe('what a process left when it died', () => {
  const leave = async (dataDir: string, task: number) => {
    const folder = path.join(dataDir, 'runs', String(task), 'animation-dEaD00');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'sheet.png'), 'half a sheet');
  };

  it('is removed by the next try', async () => {
    const { id } = await made({ format: 'gif' });
    await leave(studio.dataDir, id + 1);
    expect((await made({ format: 'gif' })).id).toBe(id + 1);
    const left = () => readdir(path.join(studio.dataDir, 'runs'));
    await vi.waitUntil(async () => (await left()).length === 0, { timeout: 20_000, interval: 50 });
  });

  it('is removed at the start if the animation has ended, and no other folder is', async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-left-'));
    try {
      const before = await startStudio({ dataDir, environ: { COMFYUI_URL: 'none' } });
      const body = { prompt: 'a coin', width: 64, height: 64, family: 'starter' };
      const picture = await before.ended((await before.client.call('generate', { body })).id, LONG_MS);
      const done = { format: 'gif' as const, frames: [`${picture.id}_0`] };
      const animation = await before.ended((await before.client.call('animate', { body: done })).id, LONG_MS);
      await before.close();
      await leave(dataDir, animation.id);
      await leave(dataDir, 999);
      const after = await startStudio({ dataDir, environ: { COMFYUI_URL: 'none' } });
      const left = () => readdir(path.join(dataDir, 'runs'));
      await vi.waitUntil(async () => (await left()).length === 1, { timeout: 20_000, interval: 50 });
      expect(await left()).toEqual(['999']);
      await after.close();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

describe('what cannot be animated is named', () => {
  it.each<[string, Partial<AnimationInput> & Pick<AnimationInput, 'format'>, string, string | undefined]>([
    ['no frames', { format: 'gif', frames: [] }, 'animation_empty', 'frames'],
    ['10,000 frames', { format: 'gif', frames: Array(10_000).fill('1_0') }, 'animation_too_long', 'frames'],
    ['a rate that GIF has not', { format: 'gif', fps: 60 }, 'animation_rate', 'fps'],
    ['a picture that is not here', { format: 'gif', frames: ['999_0'] }, 'image_not_found', 'frames.0'],
    ['WebM without ffmpeg', { format: 'webm' }, 'models_missing', 'family'],
  ])('%s', async (_, body, code, field) => {
    await expect(animate(body)).rejects.toMatchObject({ code, field });
  });

  it('pictures of several sizes', async () => {
    const other = await uploaded(
      await sharp(await squareOn('#fff', 0))
        .resize(30, 30, { fit: 'fill' })
        .png()
        .toBuffer(),
    );
    await expect(animate({ format: 'gif', frames: [...frames, other] })).rejects.toMatchObject({
      code: 'animation_sizes',
      field: 'frames.5',
      data: { width: WIDTH, height: HEIGHT, number: 6, other_width: 30, other_height: 30 },
    });
  });

  it('a sheet beyond 16,384 pixels', async () => {
    const many = Array.from({ length: 500 }, () => frames[0] as string);
    await expect(animate({ format: 'sheet', frames: many, columns: 500 })).rejects.toMatchObject({
      code: 'sheet_too_large',
      data: { side: 16_384 },
    });
  });
});
