/** Workflows of the user's own with a ComfyUI server behind them, over HTTP. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
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

const families = () => studio.client.call('listFamilies', {});
const offer = async (id: string) => (await families()).find((family) => family.id === id);

const graph = (prompt: string, width = 640, height = 512) =>
  textGraph({ prompt, negative: 'my own negative words', width, height, sampler: { steps: 27 } });

const upscaler = {
  '1': { class_type: 'LoadImage', inputs: { image: 'a.png' } },
  '2': { class_type: 'UpscaleModelLoader', inputs: { model_name: 'RealESRGAN_x4plus.pth' } },
  '3': { class_type: 'ImageUpscaleWithModel', inputs: { upscale_model: ['2', 0], image: ['1', 0] } },
  '4': { class_type: 'SaveImage', inputs: { filename_prefix: 'big', images: ['3', 0] } },
};

const add = (name: string, workflow: object) =>
  studio.client.call('addWorkflow', { body: { name, workflow: workflow as Record<string, unknown> } });
const upload = async () =>
  (await studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]) })).id;

/** Inputs of the node of a class in the prompt that ran last. */
function sent(classType: string, nth = 0): Record<string, unknown> {
  const [, entry] = [...fake.queue.history].at(-1) as [
    string,
    { prompt: [number, string, Record<string, { class_type: string; inputs: Record<string, unknown> }>] },
  ];
  const nodes = Object.values(entry.prompt[2]).filter(({ class_type }) => class_type === classType);
  return nodes[nth]?.inputs ?? {};
}

describe('a key of the user’s own', () => {
  it.each([
    '{{artist}}',
    '{{prompt}}, {{artist}}',
    '{{ prompt }} by {{画师}}',
    '{{constructor}} {{prompt}}',
    '{{prompt}} {{toString}}',
  ])('in %s is a field of the form, and no list fails for it', async (text) => {
    const { id } = await add('own key', graph(text));
    const own = [...text.matchAll(/\{\{\s*([^\s}]+)\s*\}\}/g)].map(([, key]) => key);
    const key = `inputs.${own.find((key) => key !== 'prompt')}`;
    const found = await offer(id);
    expect(found).toMatchObject({ available: true });
    expect(found?.params).toContainEqual(expect.objectContaining({ key, type: 'text' }));
    const [engine] = (await studio.client.call('listEngines', {})).filter(({ kind }) => kind === 'comfy');
    expect(engine?.families).toContain(id);
  });

  it.each(['{{__proto__}}', '{{😀}}', '{{}}'])(
    'is none in %s, which refuses the import by name',
    async (text) => {
      await expect(add('own key', graph(`{{prompt}} ${text}`))).rejects.toMatchObject({
        code: 'invalid_request',
        field: 'workflow',
        message: expect.stringContaining(text),
      });
      expect((await studio.client.call('listWorkflows', {})).refused).toEqual([]);
    },
  );

  it('is asked for beside its field where it is not answered, and painted with where it is', async () => {
    const { id } = await add('own key', graph('{{prompt}}, {{artist}}'));
    const body = { prompt: 'a dragon', family: id };
    await expect(studio.client.call('generate', { body })).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'params.inputs.artist',
    });
    const params = { inputs: { artist: 'somebody' } };
    const { id: task } = await studio.client.call('generate', { body: { ...body, params } });
    expect(await studio.ended(task)).toMatchObject({ status: 'completed', error: null });
    expect(sent('CLIPTextEncode').text).toBe('a dragon, somebody');
  });

  it('never stands in the way of requests that name no family', async () => {
    await add('own key', graph('{{artist}}'));
    const made = await studio.client.call('generate', { body: { prompt: 'a dragon' } });
    expect(made.choice.family).toBe('flux-schnell');
  });
});

it('a workflow keeps its own negative prompt, size and steps until they are changed', async () => {
  const { id } = await add('mine', graph('{{prompt}}'));
  expect((await offer(id))?.size).toMatchObject({ default: 640, default_height: 512 });
  const made = await studio.client.call('generate', { body: { prompt: 'x', family: id } });
  await studio.ended(made.id);
  expect(sent('CLIPTextEncode', 1).text).toBe('my own negative words');
  expect(sent('EmptyLatentImage')).toMatchObject({ width: 640, height: 512 });
  expect(sent('KSampler').steps).toBe(27);

  const body = {
    prompt: 'x',
    family: id,
    negative_prompt: 'fog',
    width: 704,
    height: 704,
    params: { steps: 3 },
  };
  await studio.ended((await studio.client.call('generate', { body })).id);
  expect(sent('CLIPTextEncode', 1).text).toBe('fog');
  expect(sent('EmptyLatentImage')).toMatchObject({ width: 704, height: 704 });
  expect(sent('KSampler').steps).toBe(3);
});

it('a damaged file of the folder is named and takes nothing with it', async () => {
  const folder = path.join(studio.dataDir, 'workflows');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'cut short.json'), '{"graph": {"1": {"class_ty');
  await writeFile(path.join(folder, 'odd.json'), '{"1":{"class_type":"KSampler","inputs":{"steps":[[[]]]}}}');
  await writeFile(
    path.join(folder, 'link.json'),
    JSON.stringify({ ...upscaler, '9': { class_type: 'X', inputs: { a: ['77', 0] } } }),
  );
  const { refused } = await studio.client.call('listWorkflows', {});
  expect(refused.map(({ file }) => file)).toEqual(['cut short.json', 'link.json']);
  expect((await offer('sdxl'))?.available).toBe(true);
  expect((await studio.client.call('listEngines', {})).length).toBeGreaterThan(0);
});

describe('an imported workflow that enlarges', () => {
  it('is never taken in place of what was asked for', async () => {
    await add('upscale 4x', upscaler);
    const body = { input_image: await upload(), factor: 3, model: 'nonsense.pth' };
    await expect(studio.client.call('upscale', { body })).rejects.toMatchObject({ code: 'models_missing' });
  });

  it('runs where it is named, and says what it does not read', async () => {
    const { id } = await add('upscale 4x', upscaler);
    const made = await studio.client.call('upscale', {
      body: { input_image: await upload(), factor: 3, family: id },
    });
    expect(made.choice).toMatchObject({ family: id, ignored: ['params.factor'] });
    expect(await studio.ended(made.id)).toMatchObject({ status: 'completed', error: null });
    const plain = await studio.client.call('upscale', { body: { input_image: await upload(), family: id } });
    expect(plain.choice.ignored).toEqual([]);
  });
});

it('a workflow that only takes a picture cuts out where it is named, if it has a node for that', async () => {
  const { '3': _, '2': __, ...rest } = upscaler;
  const cutter = {
    ...rest,
    '2': { class_type: 'JoinImageWithAlpha', inputs: { image: ['1', 0], alpha: ['1', 1] } },
    '4': { class_type: 'SaveImage', inputs: { filename_prefix: 'cut', images: ['2', 0] } },
  };
  const { id, kind } = await add('my cutter', cutter);
  expect(kind).toBe('remove_bg');
  const made = await studio.client.call('removeBg', { body: { input_image: await upload(), family: id } });
  expect(made.model).toBe(id);
  expect((await studio.ended(made.id)).choice.family).toBe(id);
});

it('a workflow that changes a picture in another way makes a picture of it, without words', async () => {
  const { '3': _, '2': __, ...rest } = upscaler;
  const filter = {
    ...rest,
    '2': { class_type: 'ImageInvert', inputs: { image: ['1', 0] } },
    '4': { class_type: 'SaveImage', inputs: { filename_prefix: 'inverted', images: ['2', 0] } },
  };
  const { id, kind } = await add('my filter', filter);
  expect(kind).toBe('generation');
  expect(await offer(id)).toMatchObject({ types: ['img2img'], takes_prompt: false });
  const made = await studio.client.call('generate', {
    body: { prompt: '', type: 'img2img', input_image: await upload(), family: id },
  });
  expect((await studio.ended(made.id)).status).toBe('completed');
});

describe('a workflow without a result', () => {
  it.each([
    ['no output node', { '1': { class_type: 'LoadImage', inputs: { image: 'a.png' } } }],
    [
      'pictures over the socket alone',
      {
        '1': { class_type: 'LoadImage', inputs: { image: 'a.png' } },
        '2': { class_type: 'SaveImageWebsocket', inputs: { images: ['1', 0] } },
      },
    ],
    [
      'a text alone',
      {
        '1': { class_type: 'LoadImage', inputs: { image: 'a.png' } },
        '2': { class_type: 'PreviewAny', inputs: { source: ['1', 0] } },
      },
    ],
  ])('(%s) is refused where it is imported, and not available from the folder', async (_, workflow) => {
    const known = fake.objectInfo.PreviewImage;
    if (known) {
      fake.objectInfo.SaveImageWebsocket = known;
      fake.objectInfo.PreviewAny = { ...known, input: { required: { source: ['*', {}] } } };
    }
    const [server] = (await studio.client.call('listEngines', {})).filter(({ kind }) => kind === 'comfy');
    await studio.client.call('refreshEngine', { params: { id: server?.id ?? '' } });
    const refused = await add('nothing saved', workflow).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'invalid_request', field: 'workflow' });
    expect(String(refused)).toContain('Add a Save Image node');
    const folder = path.join(studio.dataDir, 'workflows');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'nothing saved.json'), JSON.stringify(workflow));
    const { workflows } = await studio.client.call('listWorkflows', {});
    const id = workflows.find(({ label }) => label.en === 'nothing saved')?.id ?? '';
    const found = await offer(id);
    expect(found?.available).toBe(false);
    expect(found?.engines[0]?.missing[0]?.cure.en).toContain('saves no file');
  });
});

it('a size that a family cannot paint as it is is said to have been changed', async () => {
  const body = { prompt: 'x', family: 'flux-schnell', width: 250, height: 130 };
  const { choice, width, height } = await studio.client.call('generate', { body });
  expect([width, height]).toEqual([256, 256]);
  expect(choice.note.en).toContain('this picture is 256 × 256');
  expect(choice.note.zh).toContain('256 × 256');
});
