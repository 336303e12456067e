/** A workflow as a family of the installation: its form, its examples, its file for others, and its end. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WORKFLOW_FORMAT, type WorkflowInput } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textGraph } from '../src/engines/comfy/fixtures/text-graph.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let fake: FakeComfy;
let studio: TestStudio;

beforeEach(async () => {
  fake = await FakeComfy.start();
  studio = await startStudio({ engines: [new ScriptedEngine()] });
  await studio.client.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
  await expect.poll(() => offer('sdxl').then((family) => family?.available)).toBe(true);
});

afterEach(async () => {
  await studio.close();
  await fake.close();
});

const offer = async (id: string) =>
  (await studio.client.call('listFamilies', {})).find((family) => family.id === id);
const graph = () => textGraph({ prompt: 'pixel art, {{prompt}}', width: 640, sampler: { steps: 27 } });
const add = (more: Partial<WorkflowInput> = {}) =>
  studio.client.call('addWorkflow', { body: { name: 'Icons', workflow: graph(), ...more } });
const change = (id: string, body: object) => studio.client.call('updateWorkflow', { params: { id }, body });
const fileOf = async (id: string) => {
  const answer = await fetch(`${studio.url}/api/workflows/${id}/file`);
  expect(answer.headers.get('content-disposition')).toContain('limner-workflow.json');
  return (await answer.json()) as Record<string, unknown>;
};
const upload = async () =>
  (await studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]) })).id;

/** Inputs of the nodes of a class in the prompt that ran last. */
function sent(classType: string): Record<string, unknown>[] {
  const [, entry] = [...fake.queue.history].at(-1) as [
    string,
    { prompt: [number, string, Record<string, { class_type: string; inputs: Record<string, unknown> }>] },
  ];
  const nodes = Object.values(entry.prompt[2]).filter(({ class_type }) => class_type === classType);
  return nodes.map(({ inputs }) => inputs);
}
const paint = async (family: string, more: object = {}) => {
  const { id } = await studio.client.call('generate', { body: { prompt: 'a sword', family, ...more } });
  return studio.ended(id);
};

describe('the form of a workflow', () => {
  it('has the names, defaults and ranges that its owner gave, and paints with them', async () => {
    const { id, fields } = await add();
    expect(fields).toContainEqual({
      node: '5',
      class_type: 'EmptyLatentImage',
      title: 'Empty Latent Image',
      input: 'batch_size',
      value: 1,
      type: 'integer',
    });
    const { map } = await studio.client.call('getWorkflow', { params: { id } });
    await change(id, {
      label: { en: 'Icon painter', zh: '图标画手' },
      description: { en: 'Small icons.' },
      licence: 'Open RAIL++-M',
      map: { ...map, sharpness: { node: '3', input: 'cfg' } },
      params: {
        steps: { default: 12, min: 4, max: 30 },
        width: { default: 512, max: 1024 },
        sharpness: { label: { en: 'Sharpness', zh: '锐度' }, default: 6.5, min: 5, max: 9 },
      },
    });
    const family = await offer(id);
    expect(family).toMatchObject({
      label: { en: 'Icon painter', zh: '图标画手' },
      description: { en: 'Small icons.', zh: 'Small icons.' },
      licence: 'Open RAIL++-M',
      size: { default: 512, max: 1024 },
      only_named: true,
    });
    expect(family?.params).toContainEqual(
      expect.objectContaining({ key: 'steps', default: 12, min: 4, max: 30 }),
    );
    expect(family?.params).toContainEqual(
      expect.objectContaining({
        key: 'inputs.sharpness',
        label: { en: 'Sharpness', zh: '锐度' },
        min: 5,
        max: 9,
      }),
    );
    expect(await paint(id)).toMatchObject({ status: 'completed', error: null });
    expect(sent('KSampler')[0]).toMatchObject({ steps: 12, cfg: 6.5 });
    expect(sent('EmptyLatentImage')[0]).toMatchObject({ width: 512 });
    const wrong = { prompt: 'x', family: id, params: { inputs: { sharpness: 9.5 } } };
    await expect(studio.client.call('generate', { body: wrong })).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'params.inputs.sharpness',
    });
  });

  it.each([
    ['a key that it has not', { params: { loudness: { default: 1 } } }, 'params', 'loudness'],
    ['a default outside its range', { params: { steps: { default: 9, max: 3 } } }, 'params', 'steps'],
    ['a place that its graph has not', { map: { seed: { node: '77', input: 'seed' } } }, 'map', '77'],
  ])('refuses %s beside its field and stays as it was', async (_, body, field, word) => {
    const { id } = await add();
    const before = await studio.client.call('getWorkflow', { params: { id } });
    await expect(change(id, body)).rejects.toMatchObject({
      field,
      message: expect.stringContaining(word),
    });
    expect(await studio.client.call('getWorkflow', { params: { id } })).toEqual(before);
  });

  it('makes one picture a run where the number of pictures is named, and as many runs as are asked for', async () => {
    const { id, map } = await add();
    await change(id, {
      map: { ...map, pictures_at_once: { node: '5', input: 'batch_size' } },
      params: { pictures_at_once: { default: 4 } },
    });
    const task = await paint(id, { batch_size: 2 });
    expect(task.frames).toHaveLength(2);
    expect(sent('EmptyLatentImage')[0]).toMatchObject({ batch_size: 1 });
  });
});

describe('an example of a workflow', () => {
  it('keeps a small copy of a picture that stays when the picture is deleted', async () => {
    const { id } = await add();
    const done = await paint(id);
    const image = `${done.id}_0`;
    const { examples } = await change(id, { examples: [{ prompt: 'a sword', image }] });
    await studio.client.call('deleteTask', { params: { id: done.id } });
    const address = examples[0]?.thumbnail_url ?? '';
    expect(address).toMatch(new RegExp(`^${studio.base}/api/workflows/${id}/examples/[0-9a-f]{16}$`));
    const answer = await fetch(studio.origin + address);
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).format).toBe('webp');
    expect((await offer(id))?.examples).toEqual([
      { prompt: 'a sword', negative_prompt: null, thumbnail_url: address },
    ]);
    // An address of its own keeps the picture.
    const again = await change(id, { examples: [{ prompt: 'a shield', image: address }] });
    expect(again.examples).toEqual([{ prompt: 'a shield', negative_prompt: null, thumbnail_url: address }]);
    await expect(change(id, { examples: [{ prompt: 'x', image: '999_0' }] })).rejects.toMatchObject({
      code: 'image_not_found',
    });
  });
});

describe('a workflow that is turned off', () => {
  it('is no family; a task of it still says how it was made, and a new one is refused by name', async () => {
    const { id } = await add();
    const done = await paint(id);
    await change(id, { enabled: false });
    expect(await offer(id)).toBeUndefined();
    await expect(paint(id)).rejects.toMatchObject({
      code: 'workflow_gone',
      message: expect.stringContaining(id),
    });
    expect(await studio.client.call('getTask', { params: { id: done.id } })).toMatchObject({ family: id });
    await change(id, { enabled: true });
    expect(await paint(id)).toMatchObject({ status: 'completed' });
  });

  it('is called gone once it is removed, and its tasks keep their recipe', async () => {
    const { id } = await add();
    const done = await paint(id);
    await studio.client.call('removeWorkflow', { params: { id } });
    expect((await studio.client.call('getTask', { params: { id: done.id } })).recipe).toMatchObject({
      family: id,
      prompt: 'a sword',
    });
    await expect(paint(id)).rejects.toMatchObject({ code: 'workflow_gone' });
  });
});

describe('a shared file', () => {
  it('becomes the same workflow again, with its form, examples, id and what it needs', async () => {
    const { id } = await add();
    await change(id, {
      label: { en: 'Icon painter', zh: '图标画手' },
      licence: 'MIT',
      params: { steps: { default: 12 } },
      examples: [{ prompt: 'a sword', image: await upload() }],
    });
    const file = await fileOf(id);
    expect(file).toMatchObject({ format: WORKFLOW_FORMAT, version: 1, id });
    expect(file.needs).toMatchObject({
      nodes: expect.arrayContaining([{ class_type: 'KSampler', pack: 'ComfyUI', source: null }]),
      files: [
        {
          name: 'sd_xl_base_1.0.safetensors',
          folder: 'models/checkpoints',
          source: 'stabilityai/stable-diffusion-xl-base-1.0',
        },
      ],
    });
    const [before] = (await studio.client.call('listWorkflows', {})).workflows.filter(
      (each) => each.id === id,
    );
    await studio.client.call('removeWorkflow', { params: { id } });
    const preview = await studio.client.call('previewWorkflow', { body: { workflow: file } });
    expect(preview).toMatchObject({ id, clash: null, servers: [{ name: 'Attic PC', missing: [] }] });
    expect(preview.examples[0]?.thumbnail_url).toMatch(/^data:image\/webp;base64,/);
    expect((await studio.client.call('listWorkflows', {})).workflows.map((each) => each.id)).not.toContain(
      id,
    );
    await studio.client.call('addWorkflow', { body: { workflow: file } });
    const [after] = (await studio.client.call('listWorkflows', {})).workflows.filter(
      (each) => each.id === id,
    );
    // The picture is decoded and made again, so its address may differ.
    const plain = (workflow: typeof before) => ({ ...workflow, examples: [] });
    expect(plain(after)).toEqual(plain(before));
    expect(after?.examples).toMatchObject([
      { prompt: 'a sword', thumbnail_url: expect.stringContaining(id) },
    ]);
    expect(await paint(id)).toMatchObject({ status: 'completed' });
  });

  it('beside one of its name is refused with the id, replaces it, or is kept beside it', async () => {
    const { id } = await add();
    const file = await fileOf(id);
    const preview = await studio.client.call('previewWorkflow', { body: { workflow: file } });
    expect(preview.clash).toEqual({ id, label: { en: 'Icons', zh: 'Icons' } });
    await expect(studio.client.call('addWorkflow', { body: { workflow: file } })).rejects.toMatchObject({
      code: 'workflow_name_taken',
    });
    const both = await studio.client.call('addWorkflow', { body: { workflow: file, keep_both: true } });
    expect(both).toMatchObject({ id: `${id}-2`, label: { en: 'Icons (2)', zh: 'Icons (2)' } });
    const third = await studio.client.call('addWorkflow', { body: { workflow: file, keep_both: true } });
    expect(third).toMatchObject({ id: `${id}-3`, label: { en: 'Icons (3)' } });
    const same = await studio.client.call('addWorkflow', { body: { workflow: file, replace: true } });
    expect(same.id).toBe(id);
  });

  it('names what this server lacks, with the pack that its author had and no command for it', async () => {
    const odd = {
      ...graph(),
      '20': { class_type: 'GlitterSampler', inputs: { amount: 3, name: 'glitter_v3.safetensors' } },
    };
    const workflow = {
      format: WORKFLOW_FORMAT,
      version: 1,
      label: { en: 'Glitter', zh: '闪光' },
      graph: odd,
      needs: {
        nodes: [
          { class_type: 'GlitterSampler', pack: 'ComfyUI-Glitter', source: 'https://example.org/glitter' },
        ],
        files: [
          {
            name: 'glitter_v3.safetensors',
            folder: 'models/loras',
            source: 'someone/glitter',
            licence: 'MIT',
            size_bytes: 5,
          },
        ],
      },
    };
    const { servers, needs } = await studio.client.call('previewWorkflow', { body: { workflow } });
    const [missing] = servers[0]?.missing ?? [];
    expect(missing).toMatchObject({
      what: 'node',
      name: 'GlitterSampler',
      source: 'https://example.org/glitter',
      cure: {
        en: expect.stringContaining('ComfyUI-Glitter'),
        zh: expect.stringContaining('ComfyUI-Glitter'),
      },
    });
    expect(missing?.command).toBeUndefined();
    expect(needs.files).toContainEqual(
      expect.objectContaining({ source: 'someone/glitter', licence: 'MIT' }),
    );
    const { id } = await studio.client.call('addWorkflow', { body: { workflow } });
    await expect(paint(id)).rejects.toMatchObject({
      code: 'models_missing',
      message: expect.stringContaining('ComfyUI-Glitter'),
    });
  });

  it.each([
    [
      'of a later format',
      { format: WORKFLOW_FORMAT, version: 2, graph: {}, brushes: [] },
      'workflow_newer',
      '2',
    ],
    ['without a graph', { format: WORKFLOW_FORMAT, version: 1 }, 'invalid_request', 'graph'],
    [
      'with a field that nobody knows',
      { format: WORKFLOW_FORMAT, graph: graph(), run: 'x' },
      'invalid_request',
      'run',
    ],
    [
      'with a picture that is none',
      { graph: graph(), examples: [{ prompt: 'x', picture: 'https://example.org/a.png' }] },
      'invalid_request',
      'examples.0.picture',
    ],
    [
      'whose picture is damaged',
      { graph: graph(), examples: [{ prompt: 'x', picture: 'data:image/png;base64,AAAA' }] },
      'file_broken',
      '',
    ],
    [
      'with a vector for a picture',
      {
        graph: graph(),
        examples: [
          {
            prompt: 'x',
            picture: `data:image/png;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').toString('base64')}`,
          },
        ],
      },
      'file_type',
      '',
    ],
    [
      'with an id that is none',
      { format: WORKFLOW_FORMAT, id: '../../etc', graph: graph() },
      'invalid_request',
      'id',
    ],
  ])('%s is refused in both languages, and nothing is kept', async (_, workflow, code, word) => {
    for (const language of ['en', 'zh']) {
      const answer = await fetch(`${studio.url}/api/workflows?lang=${language}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'x', workflow }),
      });
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      expect(error.code).toBe(code);
      if (language === 'en') expect(error.message).toContain(word);
      else expect(error.message).toMatch(/[\u4e00-\u9fff]/);
    }
    expect(
      (await studio.client.call('listWorkflows', {})).workflows.filter((each) => !each.is_example),
    ).toEqual([]);
  });

  it('in the folder is read as one that was imported', async () => {
    const { id } = await add();
    const file = await fileOf(id);
    await studio.client.call('removeWorkflow', { params: { id } });
    await mkdir(path.join(studio.dataDir, 'workflows'), { recursive: true });
    await writeFile(path.join(studio.dataDir, 'workflows', 'from a friend.json'), JSON.stringify(file));
    const { workflows, refused } = await studio.client.call('listWorkflows', {});
    expect(refused).toEqual([]);
    expect(workflows.map((each) => each.id)).toContain('workflow-from-a-friend');
  });
});

it('an example of Limner cannot be changed, but its file is a workflow of one’s own', async () => {
  const id = 'workflow-flux-kontext-basic';
  await expect(change(id, { enabled: false })).rejects.toMatchObject({ code: 'workflow_example' });
  const copy = await studio.client.call('addWorkflow', {
    body: { workflow: await fileOf(id), keep_both: true },
  });
  expect(copy).toMatchObject({ id: `${id}-2`, is_example: false });
});

it('is a model of every interface that lists models, and paints for it', async () => {
  const { id } = await add({ label: { en: 'Icon painter' } });
  const json = async (path: string, body?: object) => {
    const sent = body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    return (await fetch(studio.url + path, sent)).json();
  };
  const models = (await json('/v1/models')) as { data: { id: string }[] };
  expect(models.data.map((model) => model.id)).toContain(id);
  const checkpoints = (await json('/sdapi/v1/sd-models')) as { title: string }[];
  const title = `Icon painter [${id}]`;
  expect(checkpoints.map((model) => model.title)).toContain(title);
  await json('/sdapi/v1/txt2img', {
    prompt: 'a sword',
    steps: 5,
    override_settings: { sd_model_checkpoint: title },
  });
  expect(sent('CLIPTextEncode')[0]).toMatchObject({ text: 'pixel art, a sword' });
  await json('/v1/images/generations', { prompt: 'a shield', model: id });
  expect(sent('CLIPTextEncode')[0]).toMatchObject({ text: 'pixel art, a shield' });
});

it('without a prompt is asked for without words', async () => {
  const { id, map } = await add({ workflow: textGraph() });
  await expect(paint(id, { prompt: '' })).rejects.toMatchObject({ field: 'prompt' });
  const { prompt: _, ...rest } = map;
  await change(id, { map: rest });
  expect(await offer(id)).toMatchObject({ takes_prompt: false });
  expect(await paint(id, { prompt: '' })).toMatchObject({ status: 'completed', prompt: '' });
});
