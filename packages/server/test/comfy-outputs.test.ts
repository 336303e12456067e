/** A ComfyUI workflow that saves several pictures: all of them come home. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const sampled = (seed: number, batch_size: number, first: number) => {
  const id = (step: number) => String(first + step);
  return {
    [id(0)]: { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 48, batch_size } },
    [id(1)]: {
      class_type: 'KSampler',
      inputs: {
        model: ['1', 0],
        positive: ['2', 0],
        negative: ['3', 0],
        latent_image: [id(0), 0],
        seed,
        steps: 2,
        cfg: 1,
        sampler_name: 'euler',
        scheduler: 'simple',
        denoise: 1,
      },
    },
    [id(2)]: { class_type: 'VAEDecode', inputs: { samples: [id(1), 0], vae: ['1', 2] } },
    [id(3)]: { class_type: 'SaveImage', inputs: { images: [id(2), 0], filename_prefix: `mine/${first}` } },
  };
};

/** One node saves a single picture, another a batch of three; a third only shows one. */
const workflow = {
  1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_base_1.0.safetensors' } },
  2: { class_type: 'CLIPTextEncode', inputs: { text: '{{prompt}}', clip: ['1', 1] } },
  3: { class_type: 'CLIPTextEncode', inputs: { text: '', clip: ['1', 1] } },
  ...sampled(7, 1, 10),
  ...sampled(8, 3, 20),
  30: { class_type: 'PreviewImage', inputs: { images: ['12', 0] } },
};

let fake: FakeComfy;
let studio: TestStudio;
let family: string;

beforeEach(async () => {
  fake = await FakeComfy.start();
  studio = await startStudio({ engines: [], environ: { COMFYUI_URL: fake.url } });
  const map = { prompt: { node: '2', input: 'text' }, seed: { node: '11', input: 'seed' } };
  const body = { name: 'Four at once', workflow, map };
  family = (await studio.client.call('addWorkflow', { body })).id;
  const isHere = async () =>
    (await studio.client.call('listFamilies', {})).find(({ id }) => id === family)?.available;
  await expect.poll(isHere, { timeout: 10_000 }).toBe(true);
});

afterEach(async () => {
  await studio.close();
  await fake.close();
});

const painted = async (prompt = 'a chest') => {
  const { id } = await studio.client.call('generate', { body: { prompt, family, seed: 3 } });
  return studio.ended(id);
};
const bytesAt = async (url: string) => Buffer.from(await (await fetch(studio.origin + url)).arrayBuffer());

describe('a workflow that saves four pictures', () => {
  it('gives four outputs, of which none is equal to another', async () => {
    const { id, status, output_paths, finished_frames, frames } = await painted();
    expect([status, finished_frames]).toEqual(['completed', 1]);
    expect(output_paths).toEqual(
      ['', '_1', '_2', '_3'].map((place) => `${studio.base}/outputs/${id}_0${place}.png`),
    );
    expect(frames[0]?.outputs).toMatchObject(
      Array(4).fill({ role: 'main', media_type: 'image/png', width: 64, height: 48 }),
    );
    const pictures = await Promise.all(output_paths.map(bytesAt));
    expect(new Set(pictures.map((bytes) => bytes.toString('base64'))).size).toBe(4);
  });

  it('is saved again when any of its files is gone from the server', async () => {
    const first = await painted();
    const gone = [...fake.files.keys()].filter((key) => key.startsWith('output/mine/20')).at(-1) as string;
    fake.files.delete(gone);
    const again = await painted();
    expect([again.status, again.frames[0]?.tries]).toEqual(['completed', 1]);
    for (const [place, url] of again.output_paths.entries())
      expect((await bytesAt(url)).subarray(-40)).toEqual(
        (await bytesAt(first.output_paths[place] ?? '')).subarray(-40),
      );
  });
});
