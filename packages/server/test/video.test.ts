/** Videos from request to file: planned, filmed on a ComfyUI 0.33, stored with poster and frames, and served. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Output, PICTURE_TEXT_KEYWORD, type VideoInput } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { textOf } from '../src/images/png-text.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { newerObjectInfo } from './fake-comfy/fake-object-info.ts';
import { serverDir } from './places.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { IN_S3 } from './stored-files.ts';

/** For 200 MB on a machine that does much else. */
const LONG_MS = 240_000;

let fake: FakeComfy;
let studio: TestStudio;
let picture: string;

beforeAll(async () => {
  fake = await FakeComfy.start({ nodes: newerObjectInfo(), faults: { newer: true } });
  studio = await startStudio({ environ: { COMFYUI_URL: fake.url } });
  const isHere = async () =>
    (await studio.client.call('listFamilies', {})).some(
      ({ id, available }) => id === 'wan22-5b' && available,
    );
  await vi.waitUntil(isHere, { timeout: 20_000, interval: 50 });
  const form = new FormData();
  const create = { width: 300, height: 600, channels: 3, background: '#336699' } as const;
  form.set('file', new Blob([await sharp({ create }).png().toBuffer()]), 'start.png');
  const uploaded = await fetch(`${studio.url}/api/upload`, { method: 'POST', body: form });
  picture = ((await uploaded.json()) as { id: string }).id;
});

afterAll(async () => {
  await studio.close();
  await fake.close();
});

const video = async (body: Omit<VideoInput, 'prompt'> = {}) =>
  studio.client.call('video', { body: { prompt: 'a flag in the wind', ...body } });
const filmed = async (body: Omit<VideoInput, 'prompt'> = {}) => {
  const ended = await studio.ended((await video(body)).id, LONG_MS);
  expect(ended.error).toBeNull();
  return { ...ended, outputs: ended.frames[0]?.outputs ?? [] };
};
const get = (url: string, headers: Record<string, string> = {}) => fetch(studio.url + url, { headers });
const bytesAt = async (url: string) => Buffer.from(await (await get(url)).arrayBuffer());

describe('a video from words', () => {
  it('is stored with its size and duration, a poster, and only itself listed', async () => {
    const { recipe, outputs, output_paths, choice } = await filmed({ seconds: 2 });
    expect(choice.family).toBe('wan22-5b');
    expect(recipe).toMatchObject({ kind: 'video', width: 1280, height: 704, video: { frames: 49, fps: 24 } });
    expect(outputs).toMatchObject([
      { role: 'main', media_type: 'video/mp4', width: 96, height: 64, duration_ms: 2125, fps: 8 },
      { role: 'poster', media_type: 'image/png', width: 1280, height: 704, duration_ms: null },
    ]);
    expect(output_paths).toEqual([outputs[0]?.url]);
    const poster = await bytesAt(outputs[1]?.url ?? '');
    expect(JSON.parse(textOf(poster, PICTURE_TEXT_KEYWORD) ?? '')).toMatchObject({
      recipe: { kind: 'video' },
    });
  });

  it('has each frame as a PNG if asked, which are starred and downloaded as one video', async () => {
    const { id, outputs } = await filmed({ frames: 9, keep_frames: true });
    expect(outputs.map(({ role }) => role)).toEqual(['main', 'poster', ...Array(9).fill('still')]);
    await studio.client.call('starOutputs', { body: { tasks: [id], starred: true } });
    expect((await studio.client.call('getTask', { params: { id } })).stars).toBe(1);
    const zip = await studio.client.call('zipOutputs', { body: { tasks: [id] } });
    expect(zip.pictures).toBe(10);
  });

  it('is played in pieces, with a small copy of its poster', async () => {
    const { outputs } = await filmed();
    const { url } = outputs[0] as Output;
    const whole = await bytesAt(url);
    const piece = await get(url, { range: 'bytes=100-199' });
    expect([piece.status, piece.headers.get('content-range')]).toEqual([
      206,
      `bytes 100-199/${whole.length}`,
    ]);
    expect(Buffer.from(await piece.arrayBuffer())).toEqual(whole.subarray(100, 200));
    const small = await get(`${url}?w=256`);
    expect(small.headers.get('content-type')).toBe('image/webp');
    expect(await sharp(Buffer.from(await small.arrayBuffer())).metadata()).toMatchObject({ width: 256 });
  });
});

describe('the start and the end of a video', () => {
  it('are pictures, whose shape it has', async () => {
    const { recipe, choice } = await filmed({ start_image: picture, frames: 17 });
    expect(choice.family).toBe('wan22-5b');
    expect((recipe.width ?? 0) / (recipe.height ?? 1)).toBeCloseTo(0.5, 1);
    const both = await filmed({ start_image: picture, end_image: picture, frames: 17 });
    expect(both.choice.family).toBe('wan22-14b-image');
  });

  it.each<[Omit<VideoInput, 'prompt'>, string, string | undefined]>([
    [{ end_image: 'x' }, 'input_image_missing', 'start_image'],
    [{ start_image: 'unx' }, 'image_not_found', 'start_image'],
    [{ family: 'wan22-14b-image' }, 'unsupported', 'start_image'],
    [{ seconds: 60 }, 'invalid_request', 'seconds'],
    [{ seconds: 1, frames: 17 }, 'invalid_request', 'seconds'],
    [{ fps: 2 }, 'invalid_request', 'fps'],
  ])('or what is wrong with %o', async (body, code, field) => {
    await expect(video(body)).rejects.toMatchObject({ code, field });
  });

  it('are not other videos, whose poster and frames are pictures', async () => {
    const { outputs } = await filmed({ frames: 13 });
    const [film, poster] = outputs.map(({ id }) => id);
    await expect(video({ start_image: film })).rejects.toMatchObject({
      code: 'not_a_picture',
      field: 'start_image',
      message: expect.stringMatching(/no picture but video\/mp4.*poster/),
    });
    const begun = await filmed({ start_image: poster, frames: 13 });
    expect(begun.choice.family).toBe('wan22-5b');
  });

  it('says that another number of frames is made than was asked for', async () => {
    const { id, choice, recipe } = await video({ frames: 50 });
    expect(recipe.video?.frames).toBe(49);
    expect(choice.note.en).toContain('this video has 49');
    await studio.ended(id, LONG_MS);
  });
});

/** The most that was held until `work` ended; what is let go of counts only above the limit, where it is collected. */
async function mostHeld(limitBytes: number, work: Promise<unknown>): Promise<number> {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const before = process.memoryUsage().arrayBuffers;
  const held = () => process.memoryUsage().arrayBuffers - before;
  let most = 0;
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  void work.then(end, end);
  while (!isOver) {
    // Memory is given back a moment after it is collected.
    for (let round = 0; round < 3 && held() > limitBytes; round += 1) {
      collect();
      await sleep(5);
    }
    most = Math.max(most, held());
    await sleep(5);
  }
  return most;
}

// The bucket of the tests lies in the memory of this process.
it.skipIf(IN_S3)(
  'stores a video of 200 MB without holding it in memory',
  async () => {
    const sizeBytes = 200 * 2 ** 20;
    fake.faults.filmFiller = sizeBytes;
    const film = filmed({ frames: 13 });
    const most = await mostHeld(sizeBytes / 2, film);
    fake.faults.filmFiller = 0;
    const { outputs } = await film;
    expect(outputs[0]).toMatchObject({ role: 'main', duration_ms: 2125 });
    expect(outputs[0]?.size_bytes).toBeGreaterThan(sizeBytes);
    expect(most).toBeLessThan(sizeBytes / 2);
  },
  LONG_MS,
);

/** The next films have these bytes. */
async function whileFilmsAre<T>(bytes: Buffer, work: () => Promise<T>): Promise<T> {
  const films = fake.files;
  const set = films.set.bind(films);
  films.set = (key, file) => set(key, key.endsWith('.mp4') ? { ...file, bytes } : file);
  return work().finally(() => {
    films.set = set;
  });
}

it('keeps nothing of a file that is no video', async () => {
  const { id, status, error } = await whileFilmsAre(Buffer.from('no film'), async () =>
    studio.ended((await video({ frames: 21 })).id, LONG_MS),
  );
  expect([status, error?.code]).toEqual(['failed', 'no_image']);
  await expect(readFile(studio.onDisk(`outputs/${id}_0.mp4`))).rejects.toThrow('ENOENT');
});

it('keeps a video whose header is not understood, without size and duration', async () => {
  const square = await readFile(path.join(serverDir, 'test/fake-comfy/films/square.mp4'));
  const sound = Buffer.from(square);
  sound.write('soun', sound.lastIndexOf('vide'), 'latin1');
  const { outputs } = await whileFilmsAre(sound, () => filmed({ frames: 25 }));
  expect(outputs[0]).toMatchObject({ role: 'main', width: 0, height: 0, duration_ms: null });
  expect(await bytesAt(outputs[0]?.url ?? '')).toEqual(sound);
});

it('takes its poster and frames along when it is deleted, and brings them back', async () => {
  const { id, outputs } = await filmed({ frames: 29, keep_frames: true });
  const task = () => studio.client.call('getTask', { params: { id } });
  await studio.client.call('deleteOutput', { params: { id: `${id}_0` } });
  await expect(task()).rejects.toMatchObject({ code: 'task_not_found' });
  expect((await get(outputs[1]?.url ?? '')).status).toBe(404);
  await studio.client.call('restoreFromBin', { body: { tasks: [id] } });
  expect((await task()).frames[0]?.outputs).toEqual(outputs);
});
