import { Family, type FrameRecipe, imagesOf } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../fixtures/graph-rules.ts';
import { asking, control, FILES, PICTURES, PRO_2, style } from '../fixtures/requests.ts';
import { fullServer, serverListing, serverWithMore, serverWithout } from '../fixtures/servers.ts';
import type { GraphNode } from '../graph.ts';
import type { ServerInfo } from '../server-info.ts';
import { comfyFamilies, type FluxFiles, specOn } from './index.ts';

const family = (id: string, files: FluxFiles = FILES) => {
  const found = comfyFamilies(files).find(({ spec }) => spec.id === id);
  if (!found) throw new Error(id);
  return found;
};
const built = (request: FrameRecipe, server: ServerInfo = fullServer(), files = FILES) =>
  family(request.family, files).build(request, PICTURES, server);
const nodes = (
  request: FrameRecipe,
  classType: string,
  server?: ServerInfo,
  files?: FluxFiles,
): GraphNode['inputs'][] =>
  Object.values(built(request, server, files).graph)
    .filter((node) => node.class_type === classType)
    .map((node) => node.inputs);

describe.each(comfyFamilies(FILES))('$spec.id', ({ spec }) => {
  test('describes itself as the contract wants it, in both languages', () => {
    expect(Family.parse(spec)).toEqual(spec);
    expect(spec.description.en).not.toBe(spec.description.zh);
  });

  test('says why each control without effect has none', () => {
    for (const param of spec.params.filter(({ effect }) => !effect)) {
      expect(param.reason?.en).toBeTruthy();
      expect(param.reason?.zh).toBeTruthy();
    }
  });
});

describe('a second pass', () => {
  const generating = comfyFamilies(FILES).filter(({ spec }) =>
    spec.params.some(({ key }) => key === 'hires_scale'),
  );

  test('is offered by every model that paints whole pictures of words and over pictures', () => {
    const able = comfyFamilies(FILES).filter(
      ({ spec: { types, params } }) =>
        types.includes('txt2img') && types.includes('img2img') && !params.some(({ key }) => key === 'layers'),
    );
    expect(generating.map(({ spec }) => spec.id)).toEqual(able.map(({ spec }) => spec.id));
    expect(generating.length).toBeGreaterThan(5);
  });

  test('is sampled with the same words and seed at the larger size, with as many steps as asked', () => {
    const params = { steps: 20, hires_scale: 1.5, hires_steps: 12, hires_denoise: 0.4 };
    const request = asking('sdxl', { width: 832, height: 1216, params });
    const [first, second] = nodes(request, 'KSampler');
    expect(second).toMatchObject({ seed: first?.seed, positive: first?.positive, negative: first?.negative });
    // ComfyUI makes a schedule of steps / denoise and runs the last of them.
    expect([second?.steps, Math.floor(12 / Number(second?.denoise))]).toEqual([12, 30]);
    expect(nodes(request, 'ImageScale')).toMatchObject([{ width: 1248, height: 1824 }]);
    expect(built(request).details).toMatchObject({
      second_pass: { width: 1248, height: 1824, steps: 12, strength: 0.4, upscaler: 'Lanczos' },
    });
  });

  test('has the share of the progress that its pixels and steps have', () => {
    const { graph, weights } = built(asking('sdxl', { params: { steps: 10, hires_scale: 2 } }));
    const samplers = Object.keys(graph).filter((id) => graph[id]?.class_type === 'KSampler');
    expect(samplers.map((id) => weights[id])).toEqual([100, 400]);
  });

  test.each([
    ['of a picture that is painted over', { type: 'img2img', input_image: 'source' } as const],
    ['of no larger size', { params: { hires_scale: 1, hires_steps: 9 } }],
  ])('does not exist %s', (_, more) => {
    const request = asking('sdxl', {
      ...more,
      params: { hires_scale: 2, ...('params' in more ? more.params : {}) },
    });
    expect(nodes(request, 'KSampler')).toHaveLength(1);
  });

  test('needs the upscale model that it names', () => {
    const request = asking('sdxl', { params: { hires_scale: 2, hires_upscaler: 'none-such.pth' } });
    expect(family('sdxl').missing(fullServer(), request)).toMatchObject([{ name: 'none-such.pth' }]);
  });
});

describe('flux-schnell', () => {
  const schnell = (more: Partial<FrameRecipe> = {}) => asking('flux-schnell', more);

  test('keeps to the rules in every combination of task, control, LoRAs and union file', () => {
    const server = fullServer();
    const starts = [
      {},
      { type: 'img2img', input_image: 'source' },
      { type: 'inpaint', input_image: 'source', mask_image: 'mask' },
    ] as const;
    const controls = [null, ...(['canny', 'depth', 'tile', 'blur', 'pose'] as const).map(control)];
    const loras = [{}, { style }, { style, loras: [{ name: 'ui/pixel.safetensors', weight: 0.5 }] }];
    const requests = starts.flatMap((start) =>
      controls.flatMap((controlnet) => loras.map((extra) => schnell({ ...start, ...extra, controlnet }))),
    );
    for (const request of requests) {
      for (const files of [FILES, PRO_2])
        expect(brokenRules(built(request, server, files).graph, server)).toEqual([]);
    }
  });

  test('puts the prompt into the graph as it is', () => {
    expect(nodes(schnell(), 'CLIPTextEncode')).toEqual([{ text: schnell().prompt, clip: ['2', 0] }]);
  });

  test('keeps seed 0 and uses the requested steps', () => {
    expect(nodes(schnell({ seed: 0, params: { steps: 7 } }), 'KSampler')).toEqual([
      expect.objectContaining({
        seed: 0,
        steps: 7,
        cfg: 1,
        sampler_name: 'euler',
        scheduler: 'simple',
        denoise: 1,
      }),
    ]);
  });

  test('chains the LoRAs in their order, spelt as the server spells them, and leaves out those of no weight', () => {
    const server = serverListing({
      'LoraLoaderModelOnly.lora_name': ['icons.safetensors', 'ui\\pixel.safetensors'],
    });
    const loras = [
      { name: 'ui/pixel.safetensors', weight: 0.4 },
      { name: 'none.safetensors', weight: 0 },
    ];
    expect(nodes(schnell({ style, loras }), 'LoraLoaderModelOnly', server)).toEqual([
      { model: ['1', 0], lora_name: 'icons.safetensors', strength_model: 1 },
      { model: ['4', 0], lora_name: 'ui\\pixel.safetensors', strength_model: 0.4 },
    ]);
  });

  test('gives an image to image the shape of its input, at about a megapixel', () => {
    const request = schnell({ type: 'img2img', input_image: 'source' });
    expect(nodes(request, 'ImageScale')).toEqual([expect.objectContaining({ width: 1248, height: 832 })]);
    expect(nodes({ ...request, width: 512, height: 512 }, 'ImageScale')).toEqual([
      expect.objectContaining({ width: 512, height: 512 }),
    ]);
  });

  test('reports the strength that applies', () => {
    expect(
      built(schnell({ type: 'img2img', input_image: 'source', params: { denoise: 0.9 } })).details,
    ).toMatchObject({
      strength: 0.875,
      steps: 7,
    });
  });

  test('stretches an inpainted picture to the working size, so that it can be scaled back without a shift', () => {
    const request = schnell({ type: 'inpaint', input_image: 'source', mask_image: 'mask' });
    expect(nodes(request, 'ImageScale')).toEqual([
      { image: ['6', 0], upscale_method: 'lanczos', width: 1248, height: 832, crop: 'disabled' },
    ]);
    // Limner lays the result over the original itself; nothing in the graph does it before.
    expect(nodes(request, 'ImageCompositeMasked')).toEqual([]);
    const [painted] = nodes(request, 'SetLatentNoiseMask');
    const [grown] = nodes(request, 'GrowMask');
    expect(painted?.mask).not.toEqual(grown?.mask);
  });

  test('repaints soft parts of a mask by degrees', () => {
    const request = schnell({ type: 'inpaint', input_image: 'source', mask_image: 'mask' });
    const [patched] = nodes(request, 'DifferentialDiffusion');
    const [sampler] = nodes(request, 'KSampler');
    expect(patched?.strength).toBe(1);
    expect(sampler?.model).not.toEqual(patched?.model);
  });

  test('prefers honest words where the server has them', () => {
    const kj = serverWithMore({ SetShakkerLabsUnionControlNetType: { input: {}, output: ['CONTROL_NET'] } });
    expect(
      nodes(schnell({ controlnet: control('depth') }), 'SetShakkerLabsUnionControlNetType', kj)[0]?.type,
    ).toBe('depth');
    const fork = serverListing({ 'SetUnionControlNetType.type': ['auto', 'depth', 'depth (InstantX)'] });
    expect(nodes(schnell({ controlnet: control('depth') }), 'SetUnionControlNetType', fork)[0]?.type).toBe(
      'depth (InstantX)',
    );
  });

  test('sets no mode for Union-Pro-2.0, which has none', () => {
    expect(
      nodes(schnell({ controlnet: control('depth') }), 'SetUnionControlNetType', undefined, PRO_2),
    ).toEqual([]);
  });

  test("falls back to ComfyUI's own edge node without the pack, on its scale", () => {
    const server = serverWithout('CannyEdgePreprocessor');
    expect(nodes(schnell({ controlnet: control('canny') }), 'Canny', server)).toEqual([
      expect.objectContaining({ low_threshold: 0.39, high_threshold: 0.78 }),
    ]);
  });

  test.each([
    [
      'flux1-schnell.safetensors',
      'clip_l.safetensors',
      't5xxl_fp16.safetensors',
      ['UNETLoader', 'DualCLIPLoader'],
    ],
    [
      'x.gguf',
      'clip_l.safetensors',
      't5-v1_1-xxl-encoder-Q5_K_M.gguf',
      ['UnetLoaderGGUF', 'DualCLIPLoaderGGUF'],
    ],
    [
      'x.gguf',
      'clip_l.safetensors',
      't5xxl_fp8_e4m3fn_scaled.safetensors',
      ['UnetLoaderGGUF', 'DualCLIPLoader'],
    ],
  ])('loads %s, %s and %s with what can read them', (unet, clipL, t5xxl, loaders) => {
    const { graph } = built(schnell(), fullServer(), { ...FILES, unet, clipL, t5xxl });
    expect(
      Object.values(graph)
        .slice(0, 2)
        .map((node) => node.class_type),
    ).toEqual(loaders);
  });

  test('takes model, encoders and VAE from an all-in-one checkpoint', () => {
    const server = serverListing({ 'CheckpointLoaderSimple.ckpt_name': ['flux1-schnell-fp8.safetensors'] });
    const files = { ...FILES, unet: 'flux1-schnell-fp8.safetensors' };
    expect(nodes(schnell(), 'CheckpointLoaderSimple', server, files)).toHaveLength(1);
    expect(nodes(schnell(), 'VAELoader', server, files)).toEqual([]);
    expect(nodes(schnell(), 'CLIPTextEncode', server, files)[0]?.clip).toEqual(['1', 1]);
  });
});

describe('flux-kontext', () => {
  const edit = (more: Partial<FrameRecipe>) => asking('flux-kontext', { kind: 'edit', type: null, ...more });

  test('has the preferred size nearest in shape to the first reference', () => {
    expect(nodes(edit({ references: ['hero'] }), 'EmptySD3LatentImage')[0]).toMatchObject({
      width: 800,
      height: 1328,
    });
    expect(nodes(edit({ references: ['villain', 'hero'] }), 'EmptySD3LatentImage')[0]).toMatchObject({
      width: 1024,
      height: 1024,
    });
    expect(
      nodes(edit({ references: ['hero'], width: 1600, height: 900 }), 'EmptySD3LatentImage')[0],
    ).toMatchObject({ width: 1392, height: 752 });
  });

  test('takes an input picture as its first reference, and each picture once', () => {
    expect(nodes(edit({ input_image: 'hero', references: ['villain', 'hero'] }), 'LoadImage')).toHaveLength(
      2,
    );
  });

  test('attaches several references together or one after the other', () => {
    const references = ['hero', 'villain', 'source'];
    expect(nodes(edit({ references }), 'ReferenceLatent')).toHaveLength(1);
    expect(nodes(edit({ references }), 'ImageStitch')).toHaveLength(2);
    expect(
      nodes(edit({ references, params: { reference_mode: 'chained' } }), 'ReferenceLatent'),
    ).toHaveLength(3);
  });

  test('uses whichever Kontext the server has', () => {
    const server = serverListing({
      'UNETLoader.unet_name': [],
      'UnetLoaderGGUF.unet_name': ['flux1-kontext-dev-Q5_K_S.gguf'],
    });
    expect(family('flux-kontext').missing(server)).toEqual([]);
    expect(built(edit({ references: ['hero'] }), server).modelKey).toBe('flux1-kontext-dev-Q5_K_S.gguf');
  });

  test('guidance 0 is a guidance', () => {
    expect(nodes(edit({ references: ['hero'], params: { guidance: 0 } }), 'FluxGuidance')[0]?.guidance).toBe(
      0,
    );
  });

  test('without a reference it is refused', () => {
    expect(() => built(edit({}))).toThrow(/input picture/);
  });
});

describe('checkpoints', () => {
  test('each generation takes the first checkpoint that looks like it when its own is not there', () => {
    const server = serverListing({
      'CheckpointLoaderSimple.ckpt_name': [
        'flux1-dev-fp8.safetensors',
        'dreamshaper-sd15.safetensors',
        'juggernautXL.safetensors',
      ],
    });
    expect(built(asking('sdxl'), server).modelKey).toBe('juggernautXL.safetensors');
    expect(built(asking('sd15'), server).modelKey).toBe('dreamshaper-sd15.safetensors');
  });

  test('the negative prompt and cfg reach the sampler', () => {
    const request = asking('sdxl', { params: { cfg: 4.5 } });
    expect(nodes(request, 'CLIPTextEncode').map(({ text }) => text)).toEqual([request.prompt, 'blurry']);
    expect(nodes(request, 'KSampler')[0]?.cfg).toBe(4.5);
  });
});

describe('remove-background', () => {
  const cut = (model?: string) =>
    asking('remove-background', { kind: 'remove_bg', type: null, input_image: 'source', params: { model } });
  test('our names stand for the models of the pack, and its own names do too', () => {
    expect(nodes(cut(), 'BiRefNetRMBG')[0]?.model).toBe('BiRefNet-general');
    expect(nodes(cut('birefnet-hr'), 'BiRefNetRMBG')[0]?.model).toBe('BiRefNet-HR');
    expect(nodes(cut('BiRefNet_dynamic'), 'BiRefNetRMBG')[0]?.model).toBe('BiRefNet_dynamic');
  });
});

test('an upscale has exactly the size asked for, whatever factor the model has', () => {
  const request = asking('upscale', {
    kind: 'upscale',
    type: null,
    input_image: 'source',
    params: { factor: 3 },
  });
  expect(nodes(request, 'ImageScale')[0]).toMatchObject({ width: 3600, height: 2400 });
});

test('a control preview leaves nothing in the output folder and has the size of the picture to come', () => {
  const request = asking('control-preview', {
    kind: 'control_preview',
    controlnet: control('depth'),
    width: 1024,
    height: 576,
  });
  expect(nodes(request, 'SaveImage')).toEqual([]);
  expect(nodes(request, 'ImageScale')[0]).toMatchObject({ width: 1024, height: 576 });
});

test('a form offers what all its servers have', () => {
  const servers = [
    fullServer(),
    serverListing({ 'CheckpointLoaderSimple.ckpt_name': ['other.safetensors'] }),
  ];
  const choices = specOn(family('sdxl'), servers).params.find(({ key }) => key === 'model')?.choices ?? [];
  expect(choices.map(({ value }) => value)).toEqual([
    'sd_xl_base_1.0.safetensors',
    'v1-5-pruned-emaonly-fp16.safetensors',
    'other.safetensors',
  ]);
});

test('the pictures of a request are each named once', () => {
  const request = asking('x', {
    input_image: 'a',
    mask_image: 'b',
    references: ['c', 'a'],
    controlnet: { ...control('pose'), image: 'b' },
  });
  expect(imagesOf(request)).toEqual(['a', 'b', 'c']);
});

test('more references than Kontext takes are refused, not dropped', () => {
  const request = asking('flux-kontext', { kind: 'edit', type: null, references: ['a', 'b', 'c', 'd', 'e'] });
  expect(() => built(request)).toThrow(/at most 4 reference pictures/);
});

test('offers the samplers that servers have, and the usual ones where none is known', () => {
  const offered = (servers: ServerInfo[]) =>
    specOn(family('sdxl'), servers)
      .params.find(({ key }) => key === 'sampler')
      ?.choices?.map(({ value }) => value);
  const server = serverListing({ 'KSampler.sampler_name': ['euler', 'gradient_estimation'] });
  expect(offered([server])).toEqual(['euler', 'dpmpp_2m', 'gradient_estimation']);
  expect(offered([])).toContain('uni_pc');
});
