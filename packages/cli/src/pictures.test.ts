/** `limner edit` and `limner upscale`, what they take as a picture, and `--no-wait`. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';
import { finished, frame, type Ran, ranWith, task, testStudio, testTerminal } from './testing.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const done = (id: number) => task(id, { status: 'completed', progress: 1, frames: [finished(id, 0)] });
const bodyOf = ({ asked }: Ran, path: string) => asked.find(({ route }) => route === `POST ${path}`)?.body;
const routesOf = ({ asked }: Ran) => asked.map(({ route }) => route);

describe('limner edit', () => {
  const answers = {
    'GET /api/styles': [{ id: 3, name: 'Ink' }],
    'POST /api/upload': { id: 'u1' },
    'POST /api/edit': done(8),
    'GET /api/tasks/8': done(8),
  };

  it('makes one task of a file and a picture of the server, and saves the result', async () => {
    const cat = join(folder, 'cat.png');
    await writeFile(cat, 'picture');
    const out = join(folder, 'out');
    const options = ['-p', 'make it night', '--seed', '7', '--style', 'Ink', '-n', '2', '-o', out];
    const ran = await ranWith(answers, ['edit', cat, '12_0', ...options]);
    expect(ran.exitCode).toBe(EXIT.ok);
    expect(bodyOf(ran, '/api/edit')).toEqual({
      prompt: 'make it night',
      images: ['u1', '12_0'],
      batch_size: 2,
      seed: 7,
      style_id: 3,
    });
    expect(ran.out).toEqual([join(out, '8_0_a-red-dragon.png')]);
    expect(await readdir(out)).toEqual(['8_0_a-red-dragon.png']);
  });

  it.each([
    [['edit', '12_0'], 'Missing: -p, --prompt <text>.'],
    [['edit', '-p', 'night'], 'Missing: <picture>.'],
    [
      ['edit', ...Array.from({ length: 11 }, (_, index) => `${index + 1}_0`), '-p', 'night'],
      'An edit takes at most 10 pictures.',
    ],
    [['edit', 'nowhere.png', '-p', 'night'], 'Cannot read nowhere.png.'],
    [['upscale', 'nowhere.png'], 'Cannot read nowhere.png.'],
    [['upscale', '1_0', '--factor', '5'], '--factor is a whole number from 2 to 4.'],
    [['upscale', '1_0', '--factor', '1.5'], '--factor is a whole number from 2 to 4.'],
    [['generate', 'a', '-i', 'nowhere.png'], 'Cannot read nowhere.png.'],
    [['upscale', tmpdir()], `Cannot read ${tmpdir()}. Name a file`],
  ])('%j asks nothing of the server', async (argv, sentence) => {
    const ran = await ranWith(answers, argv);
    expect(ran.err).toContain(sentence);
    expect(ran.exitCode).toBe(EXIT.usage);
    expect(ran.asked).toEqual([]);
  });
});

describe('limner upscale', () => {
  it('makes one task for each picture and prints all results as one JSON document', async () => {
    const answers = {
      'POST /api/upscale': (times: number) => done(times + 5),
      'GET /api/tasks/5': done(5),
      'GET /api/tasks/6': done(6),
    };
    const argv = ['upscale', '1_0', 'rmbg_2', '--factor', '3', '-o', folder, '--json'];
    const ran = await ranWith(answers, argv);
    expect(ran.exitCode).toBe(EXIT.ok);
    expect(bodyOf(ran, '/api/upscale')).toEqual({ input_image: '1_0', factor: 3 });
    expect(JSON.parse(ran.out.join('\n'))).toMatchObject([
      { id: 5, files: [join(folder, '5_0_a-red-dragon.png')] },
      { id: 6, files: [join(folder, '6_0_a-red-dragon.png')] },
    ]);
  });
});

it.each(['upscale', 'remove-bg'])('limner %s takes a workflow of the user', async (command) => {
  const answers = { [`POST /api/${command}`]: done(5), 'GET /api/tasks/5': done(5) };
  const ran = await ranWith(answers, [command, '1_0', '--family', 'workflow-own', '-o', folder]);
  expect(bodyOf(ran, `/api/${command}`)).toEqual({ input_image: '1_0', family: 'workflow-own' });
});

describe('a picture on the command line', () => {
  const answers = {
    'POST /api/upload': { id: 'u1' },
    'POST /api/upload/url': { id: 'u2' },
    'POST /api/upscale': done(5),
    'GET /api/tasks/5': done(5),
  };

  it('is fetched by the server when it is an address elsewhere', async () => {
    const ran = await ranWith(answers, ['upscale', 'https://art.example/cat.png', '-o', folder]);
    expect(bodyOf(ran, '/api/upload/url')).toEqual({ url: 'https://art.example/cat.png' });
    expect(bodyOf(ran, '/api/upscale')).toEqual({ input_image: 'u2' });
  });

  it('stays where it is when it is an address of this server', async () => {
    const studio = await testStudio(answers);
    try {
      const terminal = testTerminal({ LIMNER_URL: studio.url });
      const address = `${studio.url}/outputs/3_1.png`;
      expect(await run(['upscale', address, '-o', folder], terminal)).toBe(EXIT.ok);
      const sent = studio.received.find(({ route }) => route === 'POST /api/upscale');
      expect(sent?.body).toEqual({ input_image: address });
      expect(studio.received.map(({ route }) => route)).not.toContain('POST /api/upload/url');
    } finally {
      await studio.close();
    }
  });

  it('is a file before it is an id', async () => {
    const file = join(folder, '12_0');
    await writeFile(file, 'picture');
    const ran = await ranWith(answers, ['upscale', file, '-o', folder]);
    expect(routesOf(ran)).toContain('POST /api/upload');
    expect(bodyOf(ran, '/api/upscale')).toEqual({ input_image: 'u1' });
  });

  it('may be a picture of the server also for remove-bg and generate', async () => {
    const more = { ...answers, 'POST /api/remove-bg': done(5), 'POST /api/generate': done(5) };
    const cut = await ranWith(more, ['remove-bg', '12_0', '-o', folder]);
    expect(bodyOf(cut, '/api/remove-bg')).toEqual({ input_image: '12_0' });
    const made = await ranWith(more, ['generate', 'a cat', '-i', '12_0', '-o', folder]);
    expect(bodyOf(made, '/api/generate')).toMatchObject({ type: 'img2img', input_image: '12_0' });
  });
});

describe('the folder of a command that is refused', () => {
  // No route of these has an answer.
  it.each([
    ['generate', 'a red dragon'],
    ['generate', '--prompts-file', 'prompts.txt'],
    ['grid', 'a red dragon', '--x', 'seed=1,2', '--pictures', 'out/cells'],
    ['edit', '1_0', '-p', 'night'],
    ['upscale', '1_0'],
    ['remove-bg', '1_0'],
    ['layers', '12'],
    ['datasets', 'export', 'cats'],
    ['workflows', 'export', 'own'],
  ])('is not left behind empty: %s %s', async (...argv) => {
    await writeFile(join(folder, 'prompts.txt'), 'a cat');
    const within = argv.map((word) => (/^(prompts|out)/.test(word) ? join(folder, word) : word));
    const ran = await ranWith({}, [...within, '-o', join(folder, 'out', 'new', 'sheet.png')]);
    expect(ran.exitCode).not.toBe(EXIT.ok);
    expect(ran.asked).not.toEqual([]);
    expect(await readdir(folder)).toEqual(['prompts.txt']);
  });

  it('stays where it was there before, or where it has files', async () => {
    const out = join(folder, 'out');
    await mkdir(out);
    await ranWith({}, ['upscale', '1_0', '-o', out]);
    const answers = {
      'POST /api/upscale': (times: number) => (times ? undefined : done(5)),
      'GET /api/tasks/5': done(5),
    };
    await ranWith(answers, ['upscale', '1_0', '2_0', '-o', join(out, 'new')]);
    expect(await readdir(join(out, 'new'))).toEqual(['5_0_a-red-dragon.png']);
  });

  it('is not left behind either when a second folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    const argv = [
      'grid',
      'a',
      '--x',
      'seed=1,2',
      '-o',
      join(folder, 'out', 'sheet.png'),
      '--pictures',
      join(folder, 'file'),
    ];
    expect((await ranWith({}, argv)).exitCode).toBe(EXIT.usage);
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('--no-wait', () => {
  const waiting = task(12, { frames: [frame(0)] });
  const answers = {
    'POST /api/generate': waiting,
    'POST /api/edit': waiting,
    'POST /api/upscale': waiting,
    'POST /api/remove-bg': waiting,
    'GET /api/tasks/12': waiting,
  };

  it.each([
    ['generate', 'a red dragon'],
    ['edit', '1_0', '-p', 'night'],
    ['upscale', '1_0'],
    ['remove-bg', '1_0'],
  ])('%s prints the number of the task and saves nothing', async (...argv) => {
    const out = join(folder, 'out');
    const ran = await ranWith(answers, [...argv, '--no-wait', '-o', out]);
    expect(ran.exitCode).toBe(EXIT.ok);
    expect(ran.out).toEqual(['12']);
    expect(ran.err).toContain('limner tasks show 12');
    expect(await readdir(folder)).toEqual([]);
  });

  it('prints the task as JSON', async () => {
    const ran = await ranWith(answers, ['generate', 'a red dragon', '--no-wait', '--json']);
    expect(JSON.parse(ran.out.join('\n'))).toMatchObject({ id: 12, status: 'queued', files: [] });
  });

  it('starts no server that would have to be stopped at once', async () => {
    const terminal = testTerminal({ PORT: '9', LIMNER_DATA_DIR: folder });
    expect(await run(['generate', 'a red dragon', '--no-wait'], terminal)).toBe(EXIT.failed);
    expect(terminal.errors()).toContain('Start one with "npm start", or omit --no-wait.');
    expect(await readdir(folder)).toEqual([]);
  });
});
