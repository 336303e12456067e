import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clip } from './clip.ts';
import { ffmpegIn, writeWebm } from './webm.ts';

const [WIDTH, HEIGHT, COUNT] = [33, 17, 6];
/** Of the machine that runs the tests; not every one has it. */
const ffmpeg = ffmpegIn(process.env.PATH ?? '');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-webm-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Its left half is red, the right half transparent. */
const clip: Clip = {
  width: WIDTH,
  height: HEIGHT,
  count: COUNT,
  fps: 12,
  loop: true,
  quality: null,
  async *frames() {
    for (let at = 0; at < COUNT; at++) {
      const rgba = Buffer.alloc(4 * WIDTH * HEIGHT);
      for (let pixel = 0; pixel < WIDTH * HEIGHT; pixel++)
        if (pixel % WIDTH < WIDTH / 2) rgba.set([220, 30, 30, 255], 4 * pixel);
      yield { width: WIDTH, height: HEIGHT, rgba };
    }
  },
};

async function program(script: string): Promise<string> {
  const file = join(folder, 'ffmpeg');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}
const write = (encoder: string, signal = new AbortController().signal) =>
  writeWebm(encoder, join(folder, 'out.webm'), clip, signal);

it.skipIf(ffmpeg === null)('writes a WebM whose transparent parts stay transparent', async () => {
  await write(ffmpeg as string);
  const file = join(folder, 'out.webm');
  const { stdout } = await promisify(execFile)(
    ffmpeg as string,
    ['-loglevel', 'error', '-c:v', 'libvpx-vp9', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'],
    { encoding: 'buffer' },
  );
  expect(stdout.length).toBe(COUNT * 4 * WIDTH * HEIGHT);
  const alphaAt = (x: number) => stdout[4 * (8 * WIDTH + x) + 3] as number;
  expect(alphaAt(4)).toBeGreaterThan(240);
  expect(alphaAt(28)).toBeLessThan(15);
});

describe('an encoder that does not do it', () => {
  it('is named with the last thing it said', async () => {
    const encoder = await program(
      "cat > /dev/null; echo begin >&2; echo 'Unknown encoder libvpx-vp9' >&2; exit 1",
    );
    await expect(write(encoder)).rejects.toMatchObject({
      code: 'encoder_failed',
      data: { encoder: 'ffmpeg', reason: 'Unknown encoder libvpx-vp9' },
    });
  });

  it('ends before it has read the frames', async () => {
    await expect(write(await program('exit 3'))).rejects.toMatchObject({ code: 'encoder_failed' });
  });

  it('is stopped with the reason of the signal', async () => {
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const writing = write(await program('exec sleep 600'), abort.signal);
    abort.abort(reason);
    await expect(writing).rejects.toBe(reason);
  });
});

it('is looked for in every folder of the path', async () => {
  const file = await program('exit 0');
  expect(ffmpegIn(`/nowhere:${folder}`)).toBe(file);
  expect(ffmpegIn('')).toBeNull();
});
