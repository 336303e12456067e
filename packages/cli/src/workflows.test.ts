import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowDetail } from '@limner/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { ranWith } from './testing.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-workflows-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const limner = (argv: string[], answers: Record<string, unknown> = {}) => ranWith(answers, argv);

const icons: WorkflowDetail = {
  id: 'workflow-icons',
  label: { en: 'Icons', zh: '图标' },
  description: null,
  licence: null,
  kind: 'generation',
  is_example: false,
  enabled: true,
  nodes: 7,
  map: {},
  params: {},
  examples: [],
  keys: [],
  fields: [],
  needs: {
    nodes: [{ class_type: 'GlitterSampler', pack: 'ComfyUI-Glitter', source: 'https://example.org/g' }],
    files: [{ name: 'a.safetensors', folder: 'models/loras', source: null, licence: null, size_bytes: null }],
  },
  servers: [
    {
      server: 'attic',
      name: 'Attic PC',
      missing: [{ what: 'node', name: 'GlitterSampler', cure: { en: 'Install it.', zh: '请安装。' } }],
    },
    { server: 'cellar', name: 'Cellar PC', missing: [] },
  ],
};

it('imports a file under its own name, keeps both of a name, and says what is missing', async () => {
  const file = join(folder, 'my icons.json');
  await writeFile(file, JSON.stringify({ 1: { class_type: 'X', inputs: {} } }));
  const { exitCode, out, asked } = await limner(['workflows', 'import', file], {
    'POST /api/workflows': icons,
  });
  expect(exitCode).toBe(EXIT.ok);
  expect(out[0]).toContain('--family workflow-icons');
  expect(out.slice(1)).toEqual([
    'Node pack ComfyUI-Glitter (https://example.org/g)',
    'File a.safetensors (models/loras)',
    'Attic PC lacks:',
    expect.stringContaining('Install it.'),
    'Cellar PC has everything.',
  ]);
  expect(asked.find(({ route }) => route === 'POST /api/workflows')?.body).toMatchObject({
    name: 'my icons',
    keep_both: true,
  });
});

it.each([
  [{ kind: 'generation', keys: ['prompt', 'seed'] }, 'generate "a red dragon"'],
  [{ kind: 'generation', keys: ['image', 'prompt'] }, 'generate "a red dragon" -i picture.png'],
  [{ kind: 'generation', keys: ['image'] }, 'generate "" -i picture.png'],
  [
    { kind: 'generation', keys: ['image', 'mask', 'prompt'] },
    'edit picture.png --mask mask.png -p "a red dragon"',
  ],
  [{ kind: 'edit', keys: ['image', 'image_2', 'prompt'] }, 'edit picture.png -p "a red dragon"'],
  [{ kind: 'video', keys: ['image', 'prompt'] }, 'video "a red dragon" -i picture.png'],
  [{ kind: 'remove_bg', keys: ['image'] }, 'remove-bg picture.png'],
  [{ kind: 'upscale', keys: ['image'] }, 'upscale picture.png'],
] as const)('names a command that uses a workflow of %j', async (of, command) => {
  const file = join(folder, 'own.json');
  await writeFile(file, JSON.stringify({ 1: { class_type: 'X', inputs: {} } }));
  const { out } = await limner(['workflows', 'import', file], { 'POST /api/workflows': { ...icons, ...of } });
  expect(out[0]).toBe(`The workflow "Icons" is saved. Use it: limner ${command} --family workflow-icons`);
});

it('previews a file that has a name, and saves nothing', async () => {
  const file = join(folder, 'x.limner-workflow.json');
  await writeFile(file, JSON.stringify({ format: 'limner-workflow', label: { en: 'Icons' }, graph: {} }));
  const { exitCode, out, asked } = await limner(['workflows', 'import', file, '--preview'], {
    'POST /api/workflows/preview': { ...icons, clash: null },
  });
  expect([exitCode, out[0]]).toEqual([EXIT.ok, 'workflow-icons\tgeneration\ton\tIcons']);
  expect(asked.some(({ route }) => route === 'POST /api/workflows')).toBe(false);
});

it('writes the file of a workflow under its name', async () => {
  const { exitCode, out } = await limner(['workflows', 'export', 'workflow-icons', '--out', folder], {
    'GET /api/workflows/workflow-icons': icons,
    'GET /api/workflows/workflow-icons/file': { format: 'limner-workflow' },
  });
  const path = join(folder, 'Icons.limner-workflow.json');
  expect([exitCode, out]).toEqual([EXIT.ok, [path]]);
  expect(await readdir(folder)).toEqual(['Icons.limner-workflow.json']);
  expect(await readFile(path, 'utf8')).toContain('limner-workflow');
});

it('turns a workflow off', async () => {
  const { out } = await limner(['workflows', 'disable', 'workflow-icons'], {
    'PATCH /api/workflows/workflow-icons': { ...icons, enabled: false },
  });
  expect(out).toEqual(['workflow-icons\tgeneration\toff\tIcons']);
});

it('deletes only when that is confirmed', async () => {
  const { exitCode, err, asked } = await limner(['workflows', 'delete', 'workflow-icons']);
  expect(exitCode).toBe(EXIT.usage);
  expect(err).toContain('--yes');
  expect(asked).toEqual([]);
});

it('names a file that is no workflow', async () => {
  const file = join(folder, 'a.json');
  await writeFile(file, '[1, 2');
  const { exitCode, err } = await limner(['workflows', 'import', file]);
  expect(exitCode).toBe(EXIT.usage);
  expect(err).toContain('no JSON file');
});
