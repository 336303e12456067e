import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grid } from '@limner/contract';
import { Recipe } from '@limner/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';
import { failed, finished, type TestStudio, task, testStudio, testTerminal } from './testing.ts';

let folder: string;
let studio: TestStudio | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-grid-'));
});
afterEach(async () => {
  await studio?.close();
  studio = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function limner(argv: string[], answers: Record<string, unknown> = {}, env = {}) {
  studio = await testStudio(answers);
  const terminal = testTerminal({ LIMNER_URL: studio.url, ...env }, false);
  const exitCode = await run(argv, terminal);
  return { exitCode, out: terminal.lines, err: terminal.errors(), asked: studio.received };
}

const cell = (x: number, task_id: number) => ({
  x,
  y: 0,
  z: 0,
  task_id,
  status: 'queued' as const,
  output_path: null,
});
const grid: Grid = {
  id: 4,
  created_at: '2026-01-02T03:04:05.000Z',
  prompt: 'a red dragon',
  axes: {
    x: { field: 'steps', label: { en: 'Steps', zh: '步数' }, values: [{ value: 10 }, { value: 20 }] },
    y: null,
    z: null,
  },
  recipe: Recipe.parse({ kind: 'generation', prompt: 'a red dragon', seed: 7 }),
  batch_size: 1,
  cells: [cell(0, 12), cell(1, 13)],
};
const done = (id: number) => task(id, { status: 'completed', progress: 1, frames: [finished(id, 0)] });
const answers = {
  'POST /api/grids': grid,
  'GET /api/grids/4': grid,
  'GET /api/tasks/12': done(12),
  'GET /api/tasks/13': done(13),
  'GET /api/grids/4/sheet?lang=en&cell=128': 'a sheet',
};

it('makes a grid, waits for its tasks and saves the sheet', async () => {
  const out = join(folder, 'new', 'sheet.png');
  const axes = ['--x', 'steps=10-20 (+10)', '--y', 'prompt_replace=red, "a=b, c"'];
  const options = ['--seed', '7', '--size', '512x768', '--style', 'Ink', '--cell', '128', '--out', out];
  const result = await limner(['grid', 'a red dragon', ...axes, ...options], {
    ...answers,
    'GET /api/styles': [{ id: 3, name: 'Ink' }],
  });
  expect(result).toMatchObject({ exitCode: EXIT.ok, out: [out] });
  expect(result.err).toContain('Grid 4: 2 tasks.');
  expect(await readdir(join(folder, 'new'))).toEqual(['sheet.png']);
  expect(result.asked.find(({ route }) => route === 'POST /api/grids')?.body).toEqual({
    recipe: {
      kind: 'generation',
      prompt: 'a red dragon',
      style: { id: 3 },
      seed: 7,
      width: 512,
      height: 768,
    },
    batch_size: 1,
    axes: {
      x: { field: 'steps', values: '10-20 (+10)' },
      y: { field: 'prompt_replace', values: 'red, "a=b, c"' },
    },
  });
});

it('saves every picture beside the sheet, and lists them in JSON', async () => {
  const pictures = join(folder, 'cells');
  const argv = ['grid', 'a', '--x', 'steps=10,20', '--cell', '128', '--out', join(folder, 's.png')];
  const { out } = await limner([...argv, '--pictures', pictures], answers);
  const names = ['12_0_a-red-dragon.png', '13_0_a-red-dragon.png'];
  expect((await readdir(pictures)).sort()).toEqual(names);
  expect(out).toEqual([...names.map((name) => join(pictures, name)), join(folder, 's.png')]);
  await studio?.close();
  const again = await limner([...argv, '--pictures', pictures, '--json'], answers);
  const { file, files } = JSON.parse(again.out.join('\n'));
  expect([file, files]).toEqual([
    join(folder, 's-2.png'),
    names.map((name) => join(pictures, name.replace('.png', '-2.png'))),
  ]);
});

it.each([
  ['into a folder that is there', '', 'sheet.png'],
  ['into a folder that is not', 'new/', 'new/sheet.png'],
  ['with the ending of a picture', 'mine', 'mine.png'],
])('saves the sheet %s', async (_, out, file) => {
  const argv = ['grid', 'a', '--x', 'steps=10,20', '--cell', '128', '--out', join(folder, out)];
  expect((await limner(argv, answers)).out).toEqual([join(folder, file)]);
});

it('saves the sheet also when a cell failed, and says so', async () => {
  const argv = ['grid', 'a', '--x', 'steps=10,20', '--cell', '128', '--out', join(folder, 's.png')];
  const broken = task(13, { status: 'failed', frames: [failed(0, 'no_image', { engine: 'x' })] });
  const { exitCode, err } = await limner(argv, { ...answers, 'GET /api/tasks/13': broken });
  expect(exitCode).toBe(EXIT.partial);
  expect(err).toContain('13');
  expect(await readdir(folder)).toEqual(['s.png']);
});

it('ends without waiting', async () => {
  const { exitCode, out, err, asked } = await limner(
    ['grid', 'a', '--x', 'steps=10,20', '--no-wait'],
    answers,
  );
  expect([exitCode, out]).toEqual([EXIT.ok, ['4']]);
  expect(err).toContain('/api/grids/4/sheet');
  expect(asked.map(({ route }) => route)).not.toContain('GET /api/tasks/12');
});

it.each<[string[], string]>([
  [['grid', 'a'], 'Give at least one axis: --x, --y or --z.'],
  [['grid', 'a', '--x', 'steps'], '--x is written field=values, for example --x "steps=20-40 (+5)".'],
  [['grid', 'a', '--z', '=3'], '--z is written field=values'],
  [['generate'], 'Missing: <prompt>, or --prompts-file.'],
  [['generate', 'a', '--prompts-file', 'x'], 'Give a prompt or --prompts-file, not both.'],
  [['generate', '--prompts-file', '/nowhere/prompts.txt'], '/nowhere/prompts.txt cannot be read: ENOENT.'],
])('refuses %j', async (argv, sentence) => {
  const { exitCode, err, asked } = await limner(argv);
  expect(exitCode).toBe(EXIT.usage);
  expect(err).toContain(sentence);
  expect(asked).toEqual([]);
});

it('paints every line of a file of prompts', async () => {
  const file = join(folder, 'prompts.txt');
  await writeFile(file, '\ufeffa cat, red\r\n\r\n红色的龙\r\n');
  const out = join(folder, 'out');
  const result = await limner(['generate', '--prompts-file', file, '-o', out, '-n', '2'], answers);
  expect(result.exitCode).toBe(EXIT.ok);
  expect(result.asked.find(({ route }) => route === 'POST /api/grids')?.body).toMatchObject({
    recipe: { kind: 'generation', prompt: '' },
    batch_size: 2,
    axes: { x: { field: 'prompt', values: ['a cat, red', '红色的龙'] } },
  });
  expect(await readdir(out)).toHaveLength(2);
});

it('refuses a file of prompts that is empty or no text', async () => {
  const file = join(folder, 'prompts.txt');
  await writeFile(file, ' \n');
  expect((await limner(['generate', '--prompts-file', file])).err).toContain('prompts.txt has no prompts.');
  await studio?.close();
  await writeFile(file, Buffer.from([0xff, 0xfe, 0x61]));
  const { err } = await limner(['generate', '--prompts-file', file], {}, { LC_ALL: 'zh_CN.UTF-8' });
  expect(err).toContain('prompts.txt：UTF-8。');
});

const style = (id: number, name: string, lora_path: string | null = `loras/${id}.safetensors`) => ({
  ...{ id, name, lora_path, type: 'ui', trigger_words: '', is_base: false, is_trained: true, strength: 1 },
});
const styled = { 'GET /api/styles': [style(2, 'Ink'), style(3, 'Oil'), style(5, 'Words', null)] };

it('a lab is a grid over strengths, prompts and styles', async () => {
  const argv = [
    'train',
    'lab',
    'Ink',
    'Oil',
    '--prompt',
    'a cat',
    '--prompt',
    'a dog',
    '--strengths',
    '1,0.5',
  ];
  const { exitCode, out, asked } = await limner([...argv, '--seed', '7', '--no-wait'], {
    ...styled,
    'POST /api/grids': grid,
  });
  expect(exitCode).toBe(EXIT.ok);
  expect(out).toEqual(['4']);
  expect(asked.find(({ route }) => route === 'POST /api/grids')?.body).toMatchObject({
    recipe: { style: { id: 2 }, seed: 7 },
    axes: {
      x: { field: 'style.strength', values: [0, 0.5, 1] },
      y: { field: 'prompt', values: ['a cat', 'a dog'] },
      z: { field: 'style', values: ['Ink', 'Oil'] },
    },
  });
});

it.each([
  [['Words'], 'The style "Words" has no LoRA, so there is nothing to compare.'],
  [['Ink', 'Oil', '--steps', '250,0'], '--steps compares LoRAs of one style. Name only one.'],
  [['Ink', '--strengths', 'much'], '--strengths takes numbers with commas between, not "much".'],
])('a lab of %j is refused before anything is painted', async (args, sentence) => {
  const { exitCode, err, asked } = await limner(['train', 'lab', ...args, '--no-wait'], styled);
  expect(exitCode).toBe(EXIT.usage);
  expect(err).toContain(sentence);
  expect(asked.map(({ route }) => route)).not.toContain('POST /api/grids');
});
