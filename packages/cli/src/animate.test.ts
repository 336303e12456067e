import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Recipe, type Task } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';
import { finished, frame, outputOf, type TestStudio, task, testStudio, testTerminal } from './testing.ts';

let folder: string;
let studio: TestStudio | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-animate-'));
});
afterEach(async () => {
  await studio?.close();
  await rm(folder, { recursive: true, force: true });
});

const done = { status: 'completed', progress: 1 } as const;

/** The video 12_0 with a poster and four kept frames, and a batch of three pictures. */
const outputs = [
  { ...outputOf(12, 0), role: 'main' as const, media_type: 'video/mp4' },
  { ...outputOf(12, 0, 1), role: 'poster' as const },
  ...[2, 3, 4, 5].map((place) => ({ ...outputOf(12, 0, place), role: 'still' as const })),
];
const video = task(12, {
  ...done,
  frames: [frame(0, { ...done, output: outputs[0] ?? null, outputs })],
  recipe: Recipe.parse({ kind: 'video', video: { frames: 4, fps: 24 } }),
});
const batch = task(13, { ...done, frames: [0, 1, 2].map((index) => finished(13, index)) });

function animation(references: string[]): Task {
  const file = { ...outputOf(20, 0), role: 'sheet' as const };
  const archive = { ...outputOf(20, 0, 1), role: 'archive' as const, file_name: '20_0.zip' };
  return task(20, {
    ...done,
    frames: [frame(0, { ...done, output: file, outputs: [file, archive] })],
    recipe: Recipe.parse({ kind: 'animation', references, animation: { format: 'sheet', fps: 12 } }),
  });
}

async function limner(argv: string[], made: Task) {
  studio = await testStudio({
    'GET /api/tasks/12': video,
    'GET /api/tasks/13': batch,
    'GET /api/tasks/20': made,
    'POST /api/animations': made,
    'POST /api/video': made,
    'GET /api/families': [],
  });
  const terminal = testTerminal({ LIMNER_URL: studio.url }, false);
  const exitCode = await run([...argv, '-o', folder], terminal);
  const sent = studio.received.find(({ route }) => route.startsWith('POST'))?.body;
  return { exitCode, err: terminal.errors(), sent };
}

describe('limner animate', () => {
  it('makes a sheet of a whole task and saves it with its archive', async () => {
    const frames = ['13_0', '13_1', '13_2'];
    const argv = ['animate', '13', '--format', 'sheet', '--padding', '0', '--power-of-two', '--name', 'walk'];
    const { exitCode, sent, err } = await limner(argv, animation(frames));
    expect(exitCode).toBe(EXIT.ok);
    expect(sent).toEqual({
      format: 'sheet',
      name: 'walk',
      loop: true,
      padding: 0,
      power_of_two: true,
      frames,
    });
    expect(err).toContain('3 frames, 0.25 s.');
    expect((await readdir(folder)).sort()).toEqual(['20_0.zip', outputOf(20, 0).file_name].sort());
  });

  it('takes every second kept frame of a video, at half its rate', async () => {
    const { sent } = await limner(['animate', '12_0', '--every', '2', '--no-loop'], animation(['12_0_2']));
    expect(sent).toEqual({ format: 'gif', loop: false, frames: ['12_0_2', '12_0_4'], fps: 12 });
  });

  it.each([
    [['animate', 'nowhere.png'], 'Cannot read nowhere.png.'],
    [['animate', '1_0', '--format', 'mov'], '--format'],
    [['animate', '1_0', '--fps', '61'], '--fps'],
  ])('says what is wrong with %j', async (argv, sentence) => {
    const { exitCode, err } = await limner(argv, animation(['1_0']));
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toContain(sentence);
  });
});

describe('limner video', () => {
  it('names length, frames to keep and pictures, and says how long it is', async () => {
    const argv = [
      'video',
      'a flag',
      '--image',
      '13_0',
      '--last',
      '13_1',
      '--seconds',
      '1.5',
      '--keep-frames',
    ];
    const { exitCode, sent, err } = await limner(argv, video);
    expect(exitCode).toBe(EXIT.ok);
    expect(sent).toEqual({
      prompt: 'a flag',
      start_image: '13_0',
      end_image: '13_1',
      seconds: 1.5,
      keep_frames: true,
      batch_size: 1,
    });
    expect(err).toContain('4 frames, 0.17 s.');
    // Without its poster and its kept frames.
    expect(await readdir(folder)).toEqual([outputOf(12, 0).file_name]);
  });

  it.each([
    [['video', 'a flag', '--last', '13_1'], '--last needs --image'],
    [['video', 'a flag', '--seconds', '2', '--frames', '9'], 'not both'],
    [['video'], 'prompt'],
  ])('says what is wrong with %j', async (argv, sentence) => {
    const { exitCode, err } = await limner(argv, video);
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toContain(sentence);
  });
});
