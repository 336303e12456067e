/** `--param` and `--control` of the commands that make pictures. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';
import { finished, type TestStudio, task, testStudio, testTerminal } from './testing.ts';

const label = (name: string) => ({ en: name, zh: name });
const FAMILY = {
  id: 'own',
  kind: 'generation',
  label: label('Own'),
  available: true,
  engines: [],
  params: [
    { key: 'steps', type: 'integer', min: 1, max: 100, default: 25, effect: true },
    {
      key: 'sampler',
      type: 'choice',
      choices: [{ value: 'euler' }, { value: 'heun' }],
      default: 'euler',
      effect: true,
    },
    { key: 'guidance', type: 'number', default: null, effect: false, reason: label('cfg counts') },
    { key: 'negative_prompt', type: 'text', default: '', effect: true },
    { key: 'inputs.title', label: label('Title'), type: 'text', default: null, effect: true },
    { key: 'inputs.grain', type: 'number', default: 2, effect: true },
  ],
};

let folder: string;
let studio: TestStudio | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-params-'));
});
afterEach(async () => {
  await studio?.close();
  studio = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function limner(argv: string[]) {
  const one = task(12, { status: 'completed', progress: 1, frames: [finished(12, 0)] });
  studio = await testStudio({
    'POST /api/generate': one,
    'POST /api/edit': one,
    'POST /api/video': one,
    'GET /api/tasks/12': one,
    'GET /api/families': [FAMILY],
  });
  const terminal = testTerminal({ LIMNER_URL: studio.url });
  const exitCode = await run(argv, terminal);
  const sent = studio.received.find(({ route }) => route.startsWith('POST /api/'))?.body;
  return { exitCode, out: terminal.lines, err: terminal.errors(), sent };
}

const making = (...options: string[]) => limner(['generate', 'a dragon', '-o', folder, ...options]);

describe('--param', () => {
  it('sends numbers, words and switches as what they are', async () => {
    const { sent, exitCode } = await making(
      ...[
        '--param',
        'steps=20',
        '--param',
        'cfg=７.5',
        '--param',
        'sampler=euler',
        '--param',
        'tileable=true',
      ],
    );
    expect(exitCode).toBe(EXIT.ok);
    expect(sent).toMatchObject({ params: { steps: 20, cfg: 7.5, sampler: 'euler', tileable: true } });
  });

  it('gives the inputs of a workflow the type that it states', async () => {
    const options = ['--family', 'own', '--param', 'inputs.title=16', '--param', 'inputs.grain=3'];
    expect((await making(...options)).sent).toMatchObject({
      params: { inputs: { title: '16', grain: 3 } },
    });
  });

  it('gives way to an option of its own', async () => {
    const { sent } = await making('--param', 'treatment=pixel', '--treatment', 'flat');
    expect(sent).toMatchObject({ params: { treatment: 'flat' } });
  });

  it.each([
    ['edit', '12_0', '-p', 'red'],
    ['video', 'a dragon'],
  ])('is taken by %s', async (...argv) => {
    const { sent } = await limner([...argv, '-o', folder, '--param', 'steps=8']);
    expect(sent).toMatchObject({ params: { steps: 8 } });
  });

  it.each([
    ['steps', '--param takes key=value, not "steps".'],
    ['stepz=3', 'there is no parameter "stepz". There are: steps, cfg, '],
    ['steps=0', '--param: steps must be at least 1.'],
    ['steps=abc', '--param: steps must be a number.'],
    ['cfg=', '--param: cfg must be a number.'],
    ['library=none', '--param: library must be one of auto, '],
  ])('%j is refused before a server is asked', async (text, reason) => {
    const { exitCode, err, sent } = await making('--param', text);
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toContain(reason);
    expect(sent).toBeUndefined();
  });

  it('is explained by `models list` of one family', async () => {
    expect((await limner(['models', 'list', 'own'])).out).toEqual([
      'own\tgeneration\tavailable\tOwn',
      '  steps\twhole number 1 to 100\tdefault 25',
      '  sampler\teuler, heun\tdefault euler',
      '  guidance\tnumber\tno effect: cfg counts',
      '  inputs.title (Title)\ttext',
      '  inputs.grain\tnumber\tdefault 2',
    ]);
  });
});

describe('--control', () => {
  it('names the type and the picture', async () => {
    const { sent } = await making(
      '--control',
      'depth=12_0',
      '--control-strength',
      '0.7',
      '--control-end',
      '0.5',
    );
    expect(sent).toMatchObject({ controlnet: { type: 'depth', image: '12_0', strength: 0.7, end: 0.5 } });
  });

  it.each([
    [['--control', 'depth'], 'Types: canny, depth, '],
    [['--control', 'shape=12_0'], 'Types: canny, depth, '],
    [['--control', 'depth=missing.png'], 'Cannot read missing.png.'],
    [['--control-start', '0.5'], '--control-start needs --control.'],
  ])('%j is refused before a server is asked', async (options, reason) => {
    const { exitCode, err, sent } = await making(...options);
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toContain(reason);
    expect(sent).toBeUndefined();
  });
});
