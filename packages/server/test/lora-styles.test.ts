/** LoRA files that were trained elsewhere: read, made a style, and brought to the server that paints with them. */
import { readdir } from 'node:fs/promises';
import type { StudioError } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headerBytes, type TensorEntry } from '../src/loras/safetensors-header.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { newerObjectInfo } from './fake-comfy/fake-object-info.ts';
import { loraFile } from './lora-file.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const Z_IMAGE = { lora_unet_layers_0_attention_to_q: [3840, 3840] } as const;
const SDXL = { lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k: [640, 2048] } as const;

let comfy: FakeComfy;
let studio: TestStudio;

beforeEach(async () => {
  comfy = await FakeComfy.start({ nodes: newerObjectInfo() });
  const trainer = Object.assign(new ScriptedTrainer('z-image'), { lora: loraFile(Z_IMAGE) });
  studio = await startStudio({ engines: [], trainers: [trainer] });
  await studio.client.call('addEngine', { body: { url: comfy.url, name: 'Attic PC' } });
  await expect.poll(() => isAvailable('z-image'), { timeout: 20_000 }).toBe(true);
});
afterEach(async () => {
  await studio.close();
  await comfy.close();
});

const isAvailable = async (id: string) =>
  (await studio.client.call('listFamilies', {})).find((family) => family.id === id)?.available;

interface Query {
  name?: string;
  trigger_words?: string;
  model?: string;
}

const create = (bytes: Buffer, query: Query = {}, fileName = 'ink wash.safetensors') =>
  studio.client.call('createLoraStyle', { query, file: new Blob([new Uint8Array(bytes)]), fileName });

const refusal = (sent: Promise<unknown>) =>
  sent.then(
    () => null,
    (error: StudioError) => ({ code: error.code, field: error.field, message: error.message }),
  );

async function painted(body: { prompt: string; style_id: number; family?: string }) {
  const task = await studio.ended((await studio.client.call('generate', { body })).id);
  expect(task).toMatchObject({ status: 'completed', error: null });
  return task;
}

const filesBelow = (folder: string) => readdir(studio.onDisk(folder)).catch(() => []);

/** The LoRA files of the prompts that the server has run. */
const loaded = () =>
  [...comfy.queue.executedGraphs.keys()].flatMap((graph) =>
    [...graph.matchAll(/"lora_name":"([^"]+)"/g)].map(([, name]) => name),
  );
const sent = () => [...comfy.files.keys()].filter((key) => key.startsWith('output/loras/'));

describe('a style of a LoRA file', () => {
  it('paints with the families that the file fits, on a server that never saw it', async () => {
    const style = await create(loraFile(Z_IMAGE), { trigger_words: 'inkwash' });
    expect(style).toMatchObject({
      ...{ name: 'ink wash', trigger_words: 'inkwash', is_trained: false },
      ...{ family: 'z-image', families: ['z-image'] },
    });
    const task = await painted({ prompt: 'a fox', style_id: style.id });
    expect(task.choice.family).toBe('z-image');
    expect(loaded()).toHaveLength(1);
    expect(sent()).toEqual([`output/loras/${loaded()[0]}`]);
    // The names that ComfyUI would not have known.
    const file = comfy.files.get(sent()[0] ?? '')?.bytes.toString('latin1');
    expect(file).toContain('lycoris_layers_0_attention_to_q.lora_up.weight');
    expect(file).not.toContain('lora_unet_layers_0');

    await painted({ prompt: 'an owl', style_id: style.id });
    expect(sent()).toHaveLength(1);
    expect(await refusal(painted({ prompt: 'a fox', style_id: style.id, family: 'sdxl' }))).toMatchObject({
      ...{ code: 'style_family', field: 'family' },
      message: expect.stringContaining('Z-Image'),
    });
  }, 60_000);

  it('says where its file is, and is sent before it is painted with', async () => {
    const { id } = await create(loraFile(Z_IMAGE));
    const places = () => studio.client.call('styleServers', { params: { id } });
    const attic = { server: 'Attic PC' };
    expect(await places()).toEqual([{ ...attic, state: 'waiting', note: expect.anything() }]);
    await studio.client.call('sendStyle', { params: { id } });
    await expect.poll(places, { timeout: 20_000 }).toEqual([{ ...attic, state: 'ready', note: null }]);
    expect(sent()).toHaveLength(1);

    const [key = ''] = sent();
    comfy.deleteLora(key.slice('output/loras/'.length));
    expect(await places()).toMatchObject([{ state: 'waiting' }]);
    await studio.client.call('sendStyle', { params: { id } });
    await expect.poll(places, { timeout: 20_000 }).toMatchObject([{ state: 'ready' }]);
    const [base] = await studio.client.call('listStyles', {});
    expect(await studio.client.call('styleServers', { params: { id: base?.id ?? 0 } })).toEqual([]);
  }, 60_000);

  it('that was trained here is sent as soon as its training has ended', async () => {
    const upload = async (background: string) => {
      const png = await sharp({ create: { width: 16, height: 16, channels: 3, background } })
        .png()
        .toBuffer();
      const file = new Blob([new Uint8Array(png)], { type: 'image/png' });
      return { image: (await studio.client.call('upload', { file, fileName: 'a.png' })).id };
    };
    const images = [await upload('red'), await upload('blue')];
    const { id } = await studio.client.call('train', { body: { style_name: 'Ink', images } });
    await studio.ended(id);
    await expect
      .poll(sent, { timeout: 20_000 })
      .toEqual([`output/loras/limner/trained_style_Ink_trained-${id}.safetensors`]);
  }, 60_000);

  it('that a server would not take says its limit and what to change', async () => {
    comfy.faults.uploadLimitBytes = 1000;
    const { id } = await create(loraFile(Z_IMAGE));
    await studio.client.call('sendStyle', { params: { id } });
    const places = () => studio.client.call('styleServers', { params: { id } });
    await expect
      .poll(places, { timeout: 20_000 })
      .toMatchObject([{ state: 'refused', note: { en: expect.stringContaining('--max-upload-size') } }]);
    expect(sent()).toEqual([]);
  }, 60_000);

  it('is sent again where its file was deleted from the server', async () => {
    const style = await create(loraFile(SDXL));
    await painted({ prompt: 'a fox', style_id: style.id });
    const [key = ''] = sent();
    comfy.deleteLora(key.slice('output/loras/'.length));
    expect(sent()).toEqual([]);
    await painted({ prompt: 'an owl', style_id: style.id });
    expect(sent()).toEqual([key]);
  }, 60_000);

  it('is made for a model that the caller names where several fit', async () => {
    const file = loraFile({ 'transformer.transformer_blocks.0.attn.to_q': [3072, 3072] });
    expect(await refusal(create(file))).toMatchObject({
      ...{ code: 'lora_unclear', field: 'model' },
      message: expect.stringContaining('FLUX.1 (flux1), FLUX.2 klein 4B (flux2-klein-4b), Qwen-Image'),
    });
    expect(await refusal(create(file, { model: 'sdxl' }))).toMatchObject({
      ...{
        code: 'lora_other_model',
        field: 'model',
        message: expect.stringMatching(/fits FLUX\.1 .*, not Stable Diffusion XL/),
      },
    });
    const style = await create(file, { model: 'flux1', name: 'Ink' });
    expect(style).toMatchObject({ name: 'Ink', family: 'flux-schnell' });
    expect(style.families).toContain('flux-dev');
    expect((await create(file, { model: 'qwen-image', name: 'Ink' })).name).toBe('Ink 2');
  });

  it('is refused for another model, or one that is not known, by name', async () => {
    expect(await refusal(create(loraFile(Z_IMAGE), { model: 'sdxl' }))).toMatchObject({
      ...{ code: 'lora_other_model', field: 'model' },
      message: expect.stringMatching(
        /^This LoRA fits Z-Image \(z-image\), not Stable Diffusion XL \(sdxl\)\./,
      ),
    });
    expect(await refusal(create(loraFile(SDXL), { model: 'nonsense' }))).toMatchObject({
      ...{ code: 'lora_model_unknown', field: 'model' },
      message: expect.stringContaining('no model "nonsense"'),
    });
  });

  it('takes its name and trigger words from the file', async () => {
    const metadata = { 'modelspec.title': 'Ember', 'modelspec.trigger_phrase': 'embr glow' };
    expect(await create(loraFile(SDXL, metadata))).toMatchObject({
      ...{ name: 'Ember', trigger_words: 'embr glow' },
    });
  });

  it('goes with its file', async () => {
    const { id, lora_path } = await create(loraFile(SDXL));
    const file = async () => (await fetch(`${studio.url}/${lora_path}`)).status;
    expect(await file()).toBe(200);
    await studio.client.call('deleteStyle', { params: { id } });
    expect(await file()).toBe(404);
  });
});

describe('a file that is no usable LoRA', () => {
  const cut = () => loraFile(SDXL).subarray(0, -1);
  const nothing = { dtype: 'F16', shape: [], data_offsets: [0, 0] as [number, number] };
  const many = new Map(Array.from({ length: 20_001 }, (_, at) => [`a.${at}`, nothing]));
  const vae = new Map<string, TensorEntry>([
    ['decoder.conv_in.weight', { dtype: 'BF16', shape: [2, 4], data_offsets: [0, 16] }],
    ['decoder.conv_in.bias', { dtype: 'BF16', shape: [4], data_offsets: [16, 24] }],
  ]);
  const withLength = (bytes: number) => {
    const file = Buffer.alloc(8 + bytes, ' ');
    file.writeBigUInt64LE(BigInt(bytes));
    return file;
  };
  it.each([
    ['empty', () => Buffer.alloc(0), 'lora_broken', 'too short'],
    ['a picture', () => Buffer.from('\x89PNG\r\n\x1a\n and more'), 'lora_broken', 'no readable header'],
    ['cut off', cut, 'lora_broken', 'its end is missing'],
    ['with a header of 17 MB', () => withLength(17_000_000), 'lora_broken', 'far longer'],
    ['with 20,001 tensors', () => headerBytes({}, many), 'lora_broken', 'far longer'],
    ['without tensors', () => headerBytes({}, new Map()), 'lora_broken', 'no tensors'],
    [
      'that is a VAE',
      () => Buffer.concat([headerBytes({}, vae), Buffer.alloc(24)]),
      'lora_is_model',
      'decoder.conv_in.weight',
    ],
    ['of an unknown model', () => loraFile({ lora_unet_other_0_to_q: [64, 64] }), 'lora_unknown', 'other_0'],
    [
      'of another version of a model',
      () => loraFile({ ...Z_IMAGE, lora_unet_layers_30_attention_to_q: [3840, 3840] }),
      'lora_unknown',
      'the nearest is Z-Image',
    ],
  ] as const)('%s is refused with the reason, and nothing stays', async (_, file, code, reason) => {
    expect(await refusal(create(file()))).toMatchObject({ code, message: expect.stringContaining(reason) });
    expect(await studio.client.call('listStyles', {})).toHaveLength(1);
    expect(await filesBelow('loras')).toEqual([]);
    expect(await filesBelow('.tmp/incoming')).toEqual([]);
  });
});
