/** The families of ComfyUI 0.33: which file runs, what the form says, and what is missing. */
import { type FrameRecipe, licenceWith, paramsWith } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { asking, FILES, PICTURES } from '../fixtures/requests.ts';
import { fullServer, newServer, newServerListing } from '../fixtures/servers.ts';
import { MODEL_FILES } from '../model-files.ts';
import type { ServerInfo } from '../server-info.ts';
import { comfyFamilies, models, specOn } from './index.ts';

const family = (id: string) => {
  const found = comfyFamilies(FILES).find(({ spec }) => spec.id === id);
  if (!found) throw new Error(id);
  return found;
};
const built = (request: FrameRecipe, server = newServer()) =>
  family(request.family).build(request, PICTURES, server);
const node = (request: FrameRecipe, classType: string, server?: ServerInfo) =>
  Object.values(built(request, server).graph).find(({ class_type }) => class_type === classType)?.inputs;
const spec = (id: string, ...servers: ServerInfo[]) => specOn(family(id), servers);
const param = (id: string, key: string, values: Record<string, string> = {}) =>
  paramsWith(spec(id, newServer()).params, values).find((each) => each.key === key);
const choices = (id: string, key: string, server = newServer()) =>
  spec(id, server)
    .params.find((each) => each.key === key)
    ?.choices?.map(({ value }) => value);

const KLEIN_9B = 'flux-2-klein-9b-fp8.safetensors';
const only = (...files: string[]) => newServerListing({ 'UNETLoader.unet_name': files });

describe('the file that runs', () => {
  test.each([
    ['z-image', 'z_image_turbo_bf16.safetensors'],
    ['flux2-klein', 'flux-2-klein-4b-fp8.safetensors'],
    ['flux2-dev', 'flux2_dev_fp8mixed.safetensors'],
    ['qwen-image', 'qwen_image_2512_fp8_e4m3fn.safetensors'],
    ['flux-dev', 'flux1-dev-fp8.safetensors'],
    ['krea2', 'krea2_turbo_fp8_scaled.safetensors'],
    ['sd35', 'sd3.5_large_fp8_scaled.safetensors'],
  ])('of %s is the usual one', (id, file) => {
    expect(built(asking(id)).modelKey).toBe(file);
  });

  test('is another release, with its own numbers and encoder, where the server has only that', () => {
    const server = only('sub/flux-2-klein-base-9b-fp8.safetensors');
    expect(built(asking('flux2-klein'), server).modelKey).toBe('sub/flux-2-klein-base-9b-fp8.safetensors');
    expect(node(asking('flux2-klein'), 'CLIPLoader', server)?.clip_name).toBe(
      'qwen_3_8b_fp8mixed.safetensors',
    );
    expect(node(asking('flux2-klein'), 'CFGGuider', server)?.cfg).toBe(5);
    expect(node(asking('flux2-klein'), 'Flux2Scheduler', server)?.steps).toBe(20);
  });

  test.each([
    ['flux2-klein', ['flux-2-klein-9b-kv-fp8.safetensors', 'flux2_dev_fp8mixed.safetensors']],
    ['z-image', ['z_image_turbo_fun_controlnet.safetensors', 'Z-Image-Omni.safetensors']],
    ['qwen-image', ['qwen_image_edit_2511_bf16.safetensors', 'qwen_image_layered_bf16.safetensors']],
    ['qwen-image', ['qwen_image_2.1_int8_convrot.safetensors', 'Qwen-Image-2512-Lightning.safetensors']],
    ['flux2-dev', ['flux1-dev.safetensors', KLEIN_9B]],
    ['flux-fill', ['flux1-dev.safetensors', 'flux1-kontext-dev.safetensors']],
  ])('of %s is not one of %j', (id, files) => {
    expect(choices(id, 'model', only(...files))).toEqual([]);
    expect(family(id).missing(only(...files))).toContainEqual(
      expect.objectContaining({ what: 'model_file' }),
    );
  });

  test('of FLUX.1 dev is not one of its siblings', () => {
    const others = ['flux1-fill-dev.safetensors', 'flux1-dev-kontext_fp8_scaled.safetensors'];
    const lists = { 'UNETLoader.unet_name': [...others, 'flux1-krea-dev_fp8_scaled.safetensors'] };
    expect(
      choices('flux-dev', 'model', newServerListing({ ...lists, 'CheckpointLoaderSimple.ckpt_name': [] })),
    ).toEqual(['flux1-krea-dev_fp8_scaled.safetensors']);
  });

  test('of Stable Diffusion 3.5 has its text encoders inside', () => {
    const lists = ['sd3.5_large.safetensors', 'sd3.5_medium_incl_clips_t5xxlfp8scaled.safetensors'];
    const server = newServerListing({ 'CheckpointLoaderSimple.ckpt_name': lists });
    expect(choices('sd35', 'model', server)).toEqual([lists[1]]);
  });

  test('needs a text encoder whose weights fit', () => {
    const server = newServerListing({
      'CLIPLoader.clip_name': ['qwen_3_4b_fp4_flux2.safetensors'],
      'DualCLIPLoader.clip_name1': ['qwen_3_4b_fp4_flux2.safetensors'],
    });
    expect(family('z-image').missing(server)).toEqual([
      expect.objectContaining({
        name: 'qwen_3_4b.safetensors',
        folder: 'models/text_encoders',
        licence: 'Apache-2.0',
        source: 'Comfy-Org/z_image_turbo',
        size_bytes: 8_040_000_000,
        command: expect.stringContaining('qwen_3_4b.safetensors'),
      }),
    ]);
  });
});

describe('the form', () => {
  test('turns cfg and the negative prompt on with a base file, and off with a LoRA for speed', () => {
    expect(param('z-image', 'cfg')).toMatchObject({ effect: false });
    const base = { model: 'z_image_bf16.safetensors' };
    expect(param('z-image', 'cfg', base)).toMatchObject({ effect: true, default: 4 });
    expect(param('z-image', 'negative_prompt', base)).toMatchObject({ effect: true });
    expect(param('z-image', 'steps', base)).toMatchObject({ default: 25 });
    expect(param('qwen-image', 'steps')).toMatchObject({ default: 50 });
    const fast = { speed: 'lightning-4' };
    expect(param('qwen-image', 'steps', fast)).toMatchObject({ default: 4 });
    expect(param('qwen-image', 'cfg', fast)).toMatchObject({ effect: false, reason: expect.anything() });
    expect(param('qwen-image', 'negative_prompt', fast)?.reason?.zh).toBeTruthy();
  });

  test('states the licence of the chosen file', () => {
    const klein = spec('flux2-klein', newServer());
    expect(licenceWith(klein, {})).toBe('Apache-2.0');
    expect(licenceWith(klein, { model: KLEIN_9B })).toBe('FLUX Non-Commercial License');
    expect(spec('flux2-klein', only(KLEIN_9B)).licence).toBe('FLUX Non-Commercial License');
  });

  test('offers the LoRAs for speed that the server has', () => {
    expect(choices('qwen-image', 'speed')).toEqual(['off', 'lightning-4', 'lightning-8']);
    const bare = newServerListing({ 'LoraLoaderModelOnly.lora_name': ['icons.safetensors'] });
    expect(choices('qwen-image', 'speed', bare)).toEqual(['off']);
    expect(
      family('qwen-image').missing(bare, asking('qwen-image', { params: { speed: 'lightning-4' } })),
    ).toEqual([expect.objectContaining({ what: 'model_file', folder: 'models/loras' })]);
  });
});

describe('the graph', () => {
  test('ignores a cfg that the model does not read', () => {
    expect(node(asking('z-image', { params: { cfg: 7 } }), 'KSampler')).toMatchObject({ cfg: 1, steps: 8 });
    const fast = asking('qwen-image', { params: { speed: 'lightning-4', cfg: 7 } });
    expect(node(fast, 'KSampler')).toMatchObject({ cfg: 1, steps: 4 });
  });

  test('runs the part of the FLUX.2 schedule that the strength asks for', () => {
    const more = { type: 'img2img', input_image: 'source', params: { denoise: 0.5, steps: 20 } } as const;
    expect(node(asking('flux2-klein', more), 'Flux2Scheduler')).toMatchObject({ steps: 20 });
    expect(node(asking('flux2-klein', more), 'SplitSigmasDenoise')).toMatchObject({ denoise: 0.5 });
    expect(built(asking('flux2-klein', more)).details).toMatchObject({ steps: 10, strength: 0.5 });
  });

  test('gives every reference to Qwen-Image-Edit and refuses a fourth', () => {
    const edit = (...references: string[]) =>
      asking('qwen-image-edit', { kind: 'edit', type: null, references });
    expect(node(edit('hero', 'villain'), 'TextEncodeQwenImageEditPlus')).toMatchObject({
      image1: expect.anything(),
      image2: expect.anything(),
    });
    expect(() => built(edit('hero', 'villain', 'source', 'mask'))).toThrow(/at most 3 reference pictures/);
  });
});

describe('the style of pictures', () => {
  const styled = (...images: string[]) => ({
    style_images: images.map((image) => ({ image, strength: null })),
  });
  const text = (request: FrameRecipe) =>
    node(request, 'CLIPTextEncode')?.text ?? node(request, 'TextEncodeQwenImageEditPlus')?.prompt;

  test('has a strength with Redux and none with USO, which the form says', () => {
    expect(param('flux-dev', 'style_strength')).toMatchObject({ effect: true, default: 0.4 });
    expect(param('flux-dev', 'style_strength', { style_mode: 'uso' })).toMatchObject({
      effect: false,
      reason: { en: expect.stringContaining('Redux') },
    });
    expect(param('flux2-klein', 'style_strength')).toMatchObject({ effect: false });
    expect(spec('sdxl', newServer()).style_images).toBeUndefined();
  });

  test('names the files that it lacks, and where to get them', () => {
    const bare = newServerListing({
      'StyleModelLoader.style_model_name': [],
      'CLIPVisionLoader.clip_name': [],
    });
    expect(family('flux-dev').missing(bare)).toEqual([]);
    expect(family('flux-dev').missing(bare, asking('flux-dev', styled('hero')))).toEqual([
      expect.objectContaining({
        name: 'flux1-redux-dev.safetensors',
        folder: 'models/style_models',
        licence: 'FLUX.1 [dev] Non-Commercial License',
        command: expect.stringContaining('FLUX.1-Redux-dev'),
      }),
      expect.objectContaining({
        name: 'sigclip_vision_patch14_384.safetensors',
        folder: 'models/clip_vision',
      }),
    ]);
  });

  test('is asked for in the language of the prompt, by the number of each picture', () => {
    const edit = { kind: 'edit' as const, type: null, references: ['source'] };
    const english = { ...edit, prompt: 'make it night' };
    expect(text(asking('flux2-klein-edit', { ...english, ...styled('hero') }))).toBe(
      'make it night\nUse the style of image 2: the same palette, light and brushwork, but not what it shows.',
    );
    expect(text(asking('qwen-image-edit', { ...english, ...styled('hero', 'villain') }))).toMatch(
      /Use the style of Picture 2 and Picture 3:/,
    );
    expect(text(asking('flux2-klein', { prompt: '一座城堡', ...styled('hero') }))).toMatch(
      /画面风格参照图1：/,
    );
  });

  test('of a picture that is changed too needs it once', () => {
    const request = asking('flux2-klein-edit', {
      ...{ kind: 'edit', type: null, prompt: 'x', references: ['source', 'hero'] },
      ...styled('hero'),
    });
    expect(text(request)).toMatch(/the style of image 2:/);
    expect(built(request).summary.en).toBe(
      'Changed by FLUX.2 klein in 4 steps, after 2 reference pictures, in the style of a picture.',
    );
  });
});

test('an older ComfyUI is to be updated', () => {
  const missing = family('krea2').missing(fullServer());
  expect(missing.map(({ name }) => name)).toContain('CLIPLoader');
  const types = { 'CLIPLoader.type': ['stable_diffusion', 'qwen_image'] };
  expect(family('krea2').missing(newServerListing(types))).toEqual([
    expect.objectContaining({
      name: 'CLIPLoader.type = krea2',
      cure: expect.objectContaining({ en: expect.stringContaining('Update ComfyUI') }),
    }),
  ]);
});

test('every file a new family needs is in the table, with its licence', () => {
  const known = new Set(MODEL_FILES.map(({ file }) => file));
  const nothing = newServerListing({
    'UNETLoader.unet_name': [],
    'CLIPLoader.clip_name': [],
    'DualCLIPLoader.clip_name1': [],
    'DualCLIPLoader.clip_name2': [],
    'VAELoader.vae_name': [],
    'CheckpointLoaderSimple.ckpt_name': [],
  });
  const ids = ['z-image', 'flux2-klein', 'flux2-klein-edit', 'flux2-dev', 'qwen-image', 'qwen-image-edit'];
  for (const id of [...ids, 'flux-dev', 'flux-fill', 'krea2', 'sd35'])
    for (const { name, folder, licence } of family(id).missing(nothing)) {
      expect(known, `${id}: ${name}`).toContain(name);
      expect(folder).toMatch(/^models\//);
      expect(licence).toBeTruthy();
    }
});

test('every usual file of a release is in the table', () => {
  const known = new Set(MODEL_FILES.map(({ file }) => file));
  for (const model of models(FILES))
    for (const { usual } of [...model.weights, ...(model.speeds ?? []).map(({ file }) => file)])
      expect(known, model.id).toContain(usual);
});
