/** `limner styles` and `limner models list`. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { ranWith } from './testing.ts';

const style = (id: number, name: string, changes = {}) => ({
  id,
  name,
  type: 'ui',
  lora_path: null,
  trigger_words: '',
  is_base: false,
  is_trained: false,
  family: null,
  created_at: '2026-01-02T03:04:05.000Z',
  ...changes,
});
const ink = style(2, 'Ink', {
  trigger_words: 'ink\nwash',
  is_trained: true,
  family: 'small-painter',
  lora_path: 'loras/ink.safetensors',
});
const added = style(4, 'Oil', {
  families: ['flux-dev', 'flux-schnell'],
  lora_path: 'loras/oil.safetensors',
});
const answers = { 'GET /api/styles': [style(1, 'Base', { is_base: true }), ink, style(3, '2'), added] };

describe('limner styles', () => {
  it.each([[['styles']], [['styles', 'list']]])('%j lists them, tab-separated', async (argv) => {
    const { out, exitCode } = await ranWith(answers, argv);
    expect(exitCode).toBe(EXIT.ok);
    expect(out).toEqual([
      '1\tBase style\tbase\tui\t\t',
      '2\tInk\ttrained\tui\tsmall-painter\tink wash',
      '3\t2\twords\tui\t\t',
      '4\tOil\tLoRA\tui\tflux-dev flux-schnell\t',
    ]);
  });

  it('prints JSON with and without the name of the default command', async () => {
    for (const argv of [
      ['styles', '--json'],
      ['styles', 'list', '--json'],
    ])
      expect(JSON.parse((await ranWith(answers, argv)).out.join('\n'))).toEqual(answers['GET /api/styles']);
  });

  it('shows one by its name, or else by its number', async () => {
    const byName = await ranWith(answers, ['styles', 'show', '2']);
    expect(byName.out[0]).toBe('3 2 (words)');
    const { out } = await ranWith(answers, ['styles', 'show', 'Ink']);
    expect(out).toContain('  LoRA: loras/ink.safetensors');
    expect((await ranWith(answers, ['styles', 'show', '1', '--lang', 'zh'])).out[0]).toBe(
      '1 基础风格 (基础)',
    );
    for (const name of ['Base style', '基础风格'])
      expect((await ranWith(answers, ['styles', 'show', name])).out[0]).toBe('1 Base style (base)');
  });

  it('adds one of a LoRA file, and says for which models', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'limner-cli-')), 'wash.safetensors');
    await writeFile(file, 'bytes');
    const added = style(9, 'Wash', { family: 'flux-schnell', families: ['flux-schnell', 'flux-dev'] });
    const route = 'POST /api/styles/lora?trigger_words=ink+wash&model=flux1';
    const { out } = await ranWith({ [route]: added }, [
      ...['styles', 'add', file, '--model', 'flux1', '--trigger', 'ink wash'],
    ]);
    expect(out).toEqual(['Style 9, "Wash", for flux-schnell, flux-dev.']);
    const missing = await ranWith({}, ['styles', 'add', `${file}.none`]);
    expect(missing.exitCode).toBe(EXIT.usage);
  });

  it('changes only what is named; empty words are none', async () => {
    const changed = { ...answers, 'PATCH /api/styles/2': { ...ink, name: 'Wash' } };
    const { out, asked } = await ranWith(changed, [
      'styles',
      'change',
      'Ink',
      '--name',
      'Wash',
      '--trigger',
      '',
    ]);
    expect(asked.at(-1)?.body).toEqual({ name: 'Wash', trigger_words: '' });
    expect(out).toEqual(['The style "Wash" was changed.']);
    const nothing = await ranWith(changed, ['styles', 'change', 'Ink']);
    expect(nothing.exitCode).toBe(EXIT.usage);
    expect(nothing.asked).toEqual([]);
  });

  it('deletes one for good only with --yes', async () => {
    const deletable = { ...answers, 'DELETE /api/styles/2': ink };
    const asked = await ranWith(deletable, ['styles', 'delete', 'Ink']);
    expect(asked.exitCode).toBe(EXIT.usage);
    expect(asked.err).toContain('Repeat the command with --yes.');
    expect(asked.asked.map(({ route }) => route)).not.toContain('DELETE /api/styles/2');
    const { exitCode, out } = await ranWith(deletable, ['styles', 'delete', 'Ink', '--yes']);
    expect(exitCode).toBe(EXIT.ok);
    expect(out).toEqual(['The style "Ink" was deleted.']);
  });

  it('says what the server refuses', async () => {
    const used = new StudioError('style_in_use', { data: { task: 7 } });
    const { exitCode, err } = await ranWith({ ...answers, 'DELETE /api/styles/2': used }, [
      'styles',
      'delete',
      'Ink',
      '--yes',
    ]);
    expect(exitCode).toBe(EXIT.failed);
    expect(err).toContain('Task 7 still uses this style.');
  });
});

describe('limner models list', () => {
  const label = (name: string) => ({ en: name, zh: name });
  const file = {
    what: 'model_file',
    name: 'ae.safetensors',
    cure: { en: 'Put it into models/vae.', zh: '请放入 models/vae。' },
    command: 'wget ae.safetensors',
  };
  const engine = (missing: unknown[]) => ({ engine: 'comfy', missing, available: missing.length === 0 });
  const families = [
    { id: 'starter', kind: 'generation', label: label('Starter'), available: true, engines: [engine([])] },
    {
      id: 'flux-schnell',
      kind: 'generation',
      label: label('Flux'),
      available: false,
      engines: [engine([file]), engine([file])],
    },
    {
      id: 'upscale',
      kind: 'upscale',
      label: label('Upscale'),
      available: true,
      engines: [engine([file]), engine([])],
    },
  ].map((family) => ({ ...family, params: [] }));
  const offered = { 'GET /api/families': families };

  it('lists every family, and once what an unavailable one lacks', async () => {
    expect((await ranWith(offered, ['models', 'list'])).out).toEqual([
      'starter\tgeneration\tavailable\tStarter',
      'flux-schnell\tgeneration\tnot available\tFlux',
      '  ae.safetensors: Put it into models/vae. → wget ae.safetensors',
      'upscale\tupscale\tavailable\tUpscale',
    ]);
  });

  it('lists one family, in Chinese, and as JSON', async () => {
    const { out } = await ranWith(offered, ['models', 'list', 'flux-schnell', '--lang', 'zh']);
    expect(out).toEqual([
      'flux-schnell\t生成\t暂不可用\tFlux',
      '  ae.safetensors：请放入 models/vae。 → wget ae.safetensors',
    ]);
    const json = await ranWith(offered, ['models', 'list', 'starter', '--json']);
    expect(JSON.parse(json.out.join('\n'))).toMatchObject([{ id: 'starter', available: true }]);
  });

  it('names the families when there is none such', async () => {
    const { exitCode, err } = await ranWith(offered, ['models', 'list', 'flux']);
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toBe('There is no family "flux". There are: starter, flux-schnell, upscale.\n');
  });
});
