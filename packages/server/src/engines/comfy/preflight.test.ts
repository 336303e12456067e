import { RecipeStyle } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { comfyFamilies, type FluxFiles } from './families/index.ts';
import { asking, control, FILES, PICTURES, PRO_2, style } from './fixtures/requests.ts';
import { fullServer, newServer, serverListing, serverWithMore, serverWithout } from './fixtures/servers.ts';
import type { GraphNode } from './graph.ts';
import { missingFor, nearest } from './preflight.ts';
import { compactObjectInfo } from './server-info.ts';

const family = (id: string, files: FluxFiles = FILES) => {
  const found = comfyFamilies(files).find(({ spec }) => spec.id === id);
  if (!found) throw new Error(id);
  return found;
};

describe('preflight', () => {
  test('a server that is too old for a model is named, although it has its nodes and files', () => {
    const at = (version: string) => ({ ...newServer(), version });
    for (const [id, since] of [
      ['z-image', '0.3.75'],
      ['flux2-klein', '0.9.2'],
      ['flux2-klein-edit', '0.9.2'],
    ] as const) {
      expect(family(id).missing(at('0.3.64'))).toEqual([
        expect.objectContaining({ what: 'node', name: `ComfyUI ${since}` }),
      ]);
      expect(family(id).missing(at('0.3.64'))[0]?.cure.zh).toContain(`需要 ${since} 或更高版本`);
      expect(family(id).missing(at(since))).toEqual([]);
      // A server that does not say is believed.
      expect(family(id).missing(newServer())).toEqual([]);
    }
  });

  test('upscaling with new detail takes no model that the server is too old for', () => {
    const server = { ...newServer(), version: '0.3.64' };
    const upscale = { kind: 'upscale', type: null, input_image: 'source' } as const;
    const creative = family('creative-upscale');
    const built = creative.build(asking('creative-upscale', upscale), PICTURES, server);
    expect(built.modelKey).toBe('sd_xl_base_1.0.safetensors');
    const request = asking('creative-upscale', { ...upscale, params: { model: 'z-image' } });
    expect(creative.missing(server, request)).toMatchObject([{ name: 'ComfyUI 0.3.75' }]);
  });

  test('says to update ComfyUI for a node of its own, also where a pack has one of that name', () => {
    const { nodes } = fullServer();
    const pack = { id: 'old', name: 'Old', source: 'https://x.example', command: 'install', others: [] };
    const server = { nodes, packs: new Map([['ManualSigmas', pack]]) };
    const [missing] = missingFor({ '1': { class_type: 'ManualSigmas', inputs: {} } }, server);
    expect(missing?.cure.en).toContain('Update ComfyUI to 0.7.0 or newer');
    expect(missing?.cure.zh).toContain('更新至 0.7.0');
    expect(missing).not.toHaveProperty('command');
  });

  test('knows lists of inputs that grow, and choices that the node checks itself', () => {
    const grows = (min: number) => ['COMFY_AUTOGROW_V3', { template: { names: ['a', 'b'], min } }];
    const server = compactObjectInfo({
      Math: { input: { required: { values: grows(1) } } },
      Any: { input: { required: { values: grows(0) } } },
      Combo: { input: { required: { choice: ['COMBO', { options: [] }], lora_name: [[]] } } },
    });
    const missing = (class_type: string, inputs: GraphNode['inputs']) =>
      missingFor({ '1': { class_type, inputs } }, server).map(({ name }) => name);
    expect(missing('Math', { 'values.a': ['2', 0] })).toEqual([]);
    expect(missing('Math', { values_a: ['2', 0] })).toEqual(['Math.values']);
    expect(missing('Any', {})).toEqual([]);
    expect(missing('Combo', { choice: 'Default', lora_name: 'ink.safetensors' })).toEqual([
      'ink.safetensors',
    ]);
  });

  test('names the pack of a missing node, where it goes and how to get it', () => {
    const missing = family('flux-schnell').missing(serverWithout('UnetLoaderGGUF'));
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatchObject({
      what: 'node',
      name: 'UnetLoaderGGUF',
      source: 'city96/ComfyUI-GGUF',
      folder: 'custom_nodes/ComfyUI-GGUF',
      licence: 'Apache-2.0',
      command: expect.stringContaining('git clone'),
    });
    expect(missing[0]?.cure.en).toContain('ComfyUI-GGUF');
    expect(missing[0]?.cure.zh).toContain('ComfyUI-GGUF');
  });

  test('names folder, size, licence, source, command and the nearest name of a missing file', () => {
    const server = serverListing({ 'UnetLoaderGGUF.unet_name': ['flux1-schnell-Q4_K_S.gguf', 'other.gguf'] });
    expect(family('flux-schnell').missing(server)).toEqual([
      expect.objectContaining({
        what: 'model_file',
        name: 'flux1-schnell-Q5_K_S.gguf',
        folder: 'models/unet',
        size_bytes: 8_260_000_000,
        licence: 'Apache-2.0',
        source: 'city96/FLUX.1-schnell-gguf',
        command: expect.stringContaining('models/unet/flux1-schnell-Q5_K_S.gguf'),
        nearest: 'flux1-schnell-Q4_K_S.gguf',
      }),
    ]);
  });

  test('a name that has nothing in common is not offered, though all model files end alike', () => {
    expect(nearest(['水墨 风.safetensors', 'a.safetensors'], 'pixel.safetensors')).toBeUndefined();
    expect(nearest(['ui/pixels.safetensors', 'a.safetensors'], 'pixel.safetensors')).toBe(
      'ui/pixels.safetensors',
    );
  });

  test('lists everything that is missing at once, each thing once', () => {
    const server = serverListing({
      'UnetLoaderGGUF.unet_name': [],
      'DualCLIPLoader.clip_name1': [],
      'DualCLIPLoader.clip_name2': [],
      'VAELoader.vae_name': ['pixel_space'],
    });
    expect(
      family('flux-schnell')
        .missing(server)
        .map(({ name }) => name),
    ).toEqual([
      'flux1-schnell-Q5_K_S.gguf',
      'clip_l.safetensors',
      't5xxl_fp16.safetensors',
      'ae.safetensors',
    ]);
  });

  test('asks only for what the request uses', () => {
    const server = serverWithout('ControlNetLoader', 'DWPreprocessor', 'LoraLoaderModelOnly');
    const { missing } = family('flux-schnell');
    expect(missing(server, asking('flux-schnell'))).toEqual([]);
    const names = (request: ReturnType<typeof asking>) => missing(server, request).map(({ name }) => name);
    expect(names(asking('flux-schnell', { style }))).toEqual(['LoraLoaderModelOnly']);
    expect(names(asking('flux-schnell', { controlnet: control('pose') }))).toEqual([
      'DWPreprocessor',
      'ControlNetLoader',
    ]);
  });

  test("names a style's LoRA that the server does not have", () => {
    const missing = family('flux-schnell').missing(
      fullServer(),
      asking('flux-schnell', { style: RecipeStyle.parse({ lora_path: 'trained_style_pixel.safetensors' }) }),
    );
    expect(missing).toEqual([
      expect.objectContaining({
        what: 'model_file',
        folder: 'models/loras',
        nearest: 'ui/pixel.safetensors',
      }),
    ]);
  });

  test('says that Union-Pro-2.0 knows neither tile nor blur', () => {
    const { missing } = family('flux-schnell', PRO_2);
    const server = fullServer();
    expect(missing(server, asking('flux-schnell', { controlnet: control('depth') }))).toEqual([]);
    expect(missing(server, asking('flux-schnell', { controlnet: control('blur') }))[0]?.cure.en).toContain(
      'not trained on blur',
    );
  });

  test('says what a node does offer when a choice is unknown to it', () => {
    const request = asking('remove-background', {
      kind: 'remove_bg',
      input_image: 'source',
      params: { model: 'birefnet-toon' },
    });
    const server = serverListing({ 'BiRefNetRMBG.model': ['BiRefNet-general', 'BiRefNet-HR'] });
    const [missing] = family('remove-background').missing(server, request);
    expect(missing?.name).toBe('BiRefNetRMBG.model = BiRefNet_toonout');
    expect(missing?.cure.en).toContain(
      'Update ComfyUI-RMBG, or choose one of: BiRefNet-general, BiRefNet-HR',
    );
  });

  test('notices that a newer server asks for an input we do not fill', () => {
    const newer = serverWithMore({
      VAEDecode: {
        input: { required: { samples: ['LATENT'], vae: ['VAE'], tiling: ['BOOLEAN', {}] } },
        output: ['IMAGE'],
      },
    });
    expect(
      family('flux-schnell')
        .missing(newer)
        .map(({ name }) => name),
    ).toEqual(['VAEDecode.tiling']);
  });

  test('says so for every node when a server has none at all', () => {
    const nothing = compactObjectInfo({});
    for (const { missing } of comfyFamilies(FILES)) {
      expect(missing(nothing).length).toBeGreaterThan(2);
      expect(missing(nothing).every(({ cure }) => cure.en && cure.zh)).toBe(true);
    }
  });
});

describe('the nearest name', () => {
  test.each([
    ['flux1-schnell-Q5_K_S.gguf', ['a.gguf', 'flux1-schnell-q5_k_s.gguf'], 'flux1-schnell-q5_k_s.gguf'],
    ['ae.safetensors', ['sub/ae.safetensors', 'zz.safetensors'], 'sub/ae.safetensors'],
    ['clip_l.safetensors', ['completely different.bin'], undefined],
    ['clip_l.safetensors', [], undefined],
  ])('of %s in %j is %s', (wanted, names, expected) => {
    expect(nearest(names, wanted)).toBe(expected);
  });
});

test('a picture that is named but was not uploaded is refused, never left out', () => {
  const request = asking('flux-schnell', { type: 'img2img' });
  expect(() => family('flux-schnell').build(request, PICTURES, fullServer())).toThrow(/input picture/);
});
