/** `limner models files` and `limner models download`. */
import { StudioError } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { ranWith } from './testing.ts';

const file = {
  folder: 'vae',
  name: 'sub/ae.safetensors',
  size_bytes: 335,
  notes: [{ kind: 'duplicate', text: { en: 'It is there twice.', zh: '重复。' } }],
};
const attic = { server: 'http-attic', name: 'Attic PC', files: [file], error: null };
const cellar = {
  server: 'http-cellar',
  name: 'Cellar',
  files: [],
  error: { code: 'engine_unreachable', message: '', data: { engine: 'Cellar', url: 'http://cellar' } },
};
const running = {
  id: 7,
  server: 'http-attic',
  file: 'ae.safetensors',
  status: 'running',
  done_bytes: 100,
  size_bytes: 335,
  error: null,
};

describe('limner models files', () => {
  it('lists them tab-separated, with what looks wrong', async () => {
    const { out } = await ranWith({ 'GET /api/models': [attic, cellar] }, ['models', 'files']);
    expect(out).toEqual([
      'Attic PC\tvae\tsub/ae.safetensors\t335\tIt is there twice.',
      'Cellar\tCellar at http://cellar does not answer.',
    ]);
    const json = await ranWith({ 'GET /api/models': [attic] }, ['models', 'files', '--json']);
    expect(JSON.parse(json.out.join('\n'))).toEqual([attic]);
  });
});

describe('limner models download', () => {
  const answers = { 'GET /api/models': [attic], 'POST /api/models/downloads': running };
  const ended = (change: object) => ({
    ...answers,
    'GET /api/models/downloads': [{ ...running, ...change }],
  });

  it('waits for the end', async () => {
    const { out, err, exitCode, asked } = await ranWith(ended({ status: 'completed' }), [
      'models',
      'download',
      'ae.safetensors',
    ]);
    expect(exitCode).toBe(EXIT.ok);
    expect(asked.find(({ route }) => route === 'POST /api/models/downloads')?.body).toEqual({
      server: 'http-attic',
      file: 'ae.safetensors',
    });
    expect(err).toContain('Attic PC downloads ae.safetensors, 29 %');
    expect(out).toEqual(['Attic PC has ae.safetensors now.']);
  });

  it('says why it failed or ended early', async () => {
    const error = {
      code: 'download_failed',
      data: { engine: 'Attic PC', file: 'ae.safetensors', reason: { en: 'no space', zh: '空间不足' } },
    };
    const argv = ['models', 'download', 'ae.safetensors'];
    const failed = await ranWith(ended({ status: 'failed', error }), argv);
    expect([failed.exitCode, failed.err]).toEqual([
      EXIT.failed,
      expect.stringContaining('Attic PC did not download ae.safetensors: no space'),
    ]);
    const cut = await ranWith(ended({ status: 'interrupted' }), argv);
    expect(cut.err).toContain('Attic PC stopped before ae.safetensors was complete.');
    const refused = new StudioError('model_present', {
      data: { engine: 'Attic PC', file: 'ae.safetensors' },
    });
    const present = await ranWith({ ...answers, 'POST /api/models/downloads': refused }, argv);
    expect(present.err).toContain('Attic PC has ae.safetensors already.');
  });

  it.each([
    ['none', [], [], 'No ComfyUI server is enabled.'],
    ['several', [attic, cellar], [], 'Several servers are known. Name one with --engine: Attic PC, Cellar.'],
    ['an unknown one', [attic], ['--engine', 'x'], 'There is no server "x". There are: Attic PC.'],
  ])('needs a server: %s', async (_, servers, options, sentence) => {
    const { exitCode, err } = await ranWith({ 'GET /api/models': servers }, [
      'models',
      'download',
      'ae.safetensors',
      ...options,
    ]);
    expect([exitCode, err]).toEqual([EXIT.usage, expect.stringContaining(sentence)]);
  });
});
