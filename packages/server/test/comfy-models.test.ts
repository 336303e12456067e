/** Model files as a server has them: put in place while both run, and known by what they say of themselves. */
import { afterEach, describe, expect, it } from 'vitest';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const CHECKPOINTS = 'CheckpointLoaderSimple.ckpt_name';

let fake: FakeComfy;
let studio: TestStudio;

async function start(checkpoints: string[], architectures: Record<string, string> = {}) {
  fake = await FakeComfy.start({ models: { [CHECKPOINTS]: checkpoints } });
  for (const [file, architecture] of Object.entries(architectures))
    fake.architectures.set(file, architecture);
  studio = await startStudio({ engines: [] });
  await studio.client.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
  await expect.poll(() => available('flux-schnell')).toBe(true);
}

afterEach(async () => {
  await studio.close();
  await fake.close();
});

const available = async (id: string) =>
  (await studio.client.call('listFamilies', {})).find((family) => family.id === id)?.available;

function put(file: string): void {
  const input = fake.objectInfo.CheckpointLoaderSimple?.input.required;
  if (input) input.ckpt_name = [[file]];
}

it('a file that was put in place since is used by the next request', async () => {
  await start(['other.ckpt']);
  const body = { prompt: 'x', family: 'sdxl', width: 512, height: 512 };
  await expect(studio.client.call('generate', { body })).rejects.toMatchObject({ code: 'models_missing' });
  put('sd_xl_base_1.0.safetensors');
  await expect
    .poll(() => studio.client.call('generate', { body }).then(({ choice }) => choice.family, String), {
      timeout: 10_000,
      interval: 500,
    })
    .toBe('sdxl');
});

describe('what a recipe lacks', () => {
  const lacks = (recipe: object) =>
    studio.client.call('missingForRecipe', {
      body: { recipe: { kind: 'generation', family: 'flux-schnell', prompt: 'x', ...recipe } },
    });
  const LORAS = 'LoraLoaderModelOnly.lora_name';

  it('is said by name before anything is sent, with the cure', async () => {
    fake = await FakeComfy.start({ models: { [LORAS]: ['sub\\inkStyle.safetensors'] } });
    studio = await startStudio({ engines: [] });
    await studio.client.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
    await expect.poll(() => available('flux-schnell')).toBe(true);
    expect(await lacks({})).toEqual([]);
    expect(await lacks({ loras: [{ name: 'otherStyle' }] })).toMatchObject([
      { what: 'model_file', name: 'otherStyle', server: 'Attic PC', folder: 'models/loras' },
    ]);
    const style = await studio.client.call('createStyle', {
      body: { name: 'Ember', type: 'ui', lora_path: 'ember.safetensors' },
    });
    expect(await lacks({ style: { id: style.id } })).toMatchObject([{ name: 'ember.safetensors' }]);
    expect(await studio.client.call('listTasks', {})).toEqual([]);

    // Other programs name a LoRA by its file without folder and extension.
    expect(await lacks({ loras: [{ name: 'inkStyle' }] })).toEqual([]);
    const loras = [{ name: 'inkStyle', weight: 0.5 }];
    const { id } = await studio.client.call('generate', {
      body: { prompt: 'x', family: 'flux-schnell', loras },
    });
    expect(await studio.ended(id)).toMatchObject({ status: 'completed', error: null });
  });

  it('is nothing once the file is put in place', async () => {
    await start(['other.ckpt']);
    const asked = { family: 'sdxl', params: { model: 'dream.safetensors' } };
    expect(await lacks(asked)).toMatchObject([{ what: 'model_file', name: 'dream.safetensors' }]);
    put('dream.safetensors');
    await expect.poll(() => lacks(asked), { timeout: 10_000, interval: 500 }).toEqual([]);
  });

  it('is not what the recipe itself lacks', async () => {
    await start(['sd_xl_base_1.0.safetensors']);
    expect(await lacks({ type: 'img2img', input_image: null })).toEqual([]);
  });
});

describe('a checkpoint whose name says nothing', () => {
  it('is known by its metadata', async () => {
    await start(['my dream.safetensors'], { 'my dream.safetensors': 'stable-diffusion-v1' });
    await expect.poll(() => available('sd15')).toBe(true);
    expect(await available('sdxl')).toBe(false);
    const body = { prompt: 'x', family: 'sd15', width: 256, height: 256 };
    const { id } = await studio.client.call('generate', { body });
    expect(await studio.ended(id)).toMatchObject({ status: 'completed', error: null });
  });

  it('is not taken for what its name says where its metadata says otherwise', async () => {
    await start(['xl something.safetensors'], { 'xl something.safetensors': 'flux-1-dev' });
    await expect.poll(() => available('sdxl')).toBe(false);
  });
});
