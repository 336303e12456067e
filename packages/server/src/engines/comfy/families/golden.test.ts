/** Compares every family's graphs with stored ones that a real ComfyUI accepted. `-u` updates the stored ones. */
import { type FrameRecipe, RecipeVideo } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../fixtures/graph-rules.ts';
import { asking, control, FILES, PICTURES, PRO_2, style } from '../fixtures/requests.ts';
import { fullServer, newServer } from '../fixtures/servers.ts';
import type { Graph } from '../graph.ts';
import { comfyFamilies, type FluxFiles } from './index.ts';

interface Case {
  name: string;
  request: FrameRecipe;
  files?: FluxFiles;
  /** A ComfyUI 0.33 with its models; otherwise 0.3.64. */
  isNew?: boolean;
}

const schnell = (name: string, more: Partial<FrameRecipe> = {}, files = FILES): Case => ({
  name: `flux-schnell.${name}`,
  request: asking('flux-schnell', more),
  files,
});
const kontext = (name: string, references: string[], more: Partial<FrameRecipe> = {}): Case => ({
  name: `flux-kontext.${name}`,
  request: asking('flux-kontext', { kind: 'edit', type: null, references, ...more }),
});
const cutOut = (model: string): Case => ({
  name: `remove-background.${model}`,
  request: asking('remove-background', { kind: 'remove_bg', input_image: 'source', params: { model } }),
});

const onSource = { type: 'img2img', input_image: 'source' } as const;
const masked = { type: 'inpaint', input_image: 'source', mask_image: 'mask' } as const;
const twoLoras = { style, loras: [{ name: 'ui/pixel.safetensors', weight: 0.6 }] };

const CASES: Case[] = [
  schnell('txt2img'),
  schnell('lora', { style }),
  schnell('two-loras', twoLoras),
  schnell('img2img', onSource),
  schnell('inpaint', masked),
  ...(['canny', 'depth', 'tile', 'blur', 'pose'] as const).map((type) =>
    schnell(`union-${type}`, { controlnet: control(type) }),
  ),
  ...(['canny', 'depth', 'pose'] as const).map((type) =>
    schnell(`union-pro-2-${type}`, { controlnet: control(type) }, PRO_2),
  ),
  schnell('img2img-union-depth-two-loras', { ...onSource, ...twoLoras, controlnet: control('depth') }),
  schnell('inpaint-union-pro-2-canny-lora', { ...masked, style, controlnet: control('canny') }, PRO_2),
  schnell('second-pass', { params: { hires_scale: 2 } }),
  schnell('second-pass-model-union-canny', {
    params: { hires_scale: 1.5, hires_upscaler: 'RealESRGAN_x4plus.pth', hires_steps: 6, hires_denoise: 0.4 },
    controlnet: control('canny'),
  }),
  kontext('one', ['hero']),
  kontext('two-stitched', ['hero', 'villain']),
  kontext('two-chained', ['hero', 'villain'], { params: { reference_mode: 'chained' } }),
  kontext('three-stitched-lora', ['hero', 'villain', 'source'], { style, width: 1024, height: 1024 }),
  schnell('tileable', { params: { tileable: 'both' } }),
  ...(['sdxl', 'sd15'] as const).flatMap((family) => [
    { name: `${family}.txt2img`, request: asking(family) },
    { name: `${family}.img2img-two-loras`, request: asking(family, { ...onSource, ...twoLoras }) },
    { name: `${family}.inpaint`, request: asking(family, masked) },
  ]),
  ...['birefnet', 'birefnet-hr', 'birefnet-matting', 'birefnet-toon', 'ben2', 'rmbg-2'].map(cutOut),
  ...(['canny', 'depth', 'tile', 'blur', 'pose'] as const).map((type) => ({
    name: `control-preview.${type}`,
    request: asking('control-preview', { kind: 'control_preview', type: null, controlnet: control(type) }),
  })),
  { name: 'upscale.x2', request: asking('upscale', { kind: 'upscale', type: null, input_image: 'source' }) },
  {
    name: 'upscale.x4',
    request: asking('upscale', { kind: 'upscale', type: null, input_image: 'source', params: { factor: 4 } }),
  },
];

const creative = (model: string, name: string, more: Partial<FrameRecipe>, isNew: boolean): Case => ({
  name: `creative-upscale.${model}-${name}`,
  request: asking('creative-upscale', {
    ...{ kind: 'upscale', type: null, input_image: 'source' },
    ...more,
    params: { model, ...more.params },
  }),
  isNew,
});
CASES.push(
  creative('sd15', 'tiles', { params: { factor: 2, denoise: 0.5 } }, false),
  creative('sdxl', 'tiles-x4', { params: { factor: 4 } }, true),
  creative('z-image', 'whole', { input_image: 'small', prompt: '' }, true),
);

const on33 = (family: string, name: string, more: Partial<FrameRecipe> = {}): Case => ({
  name: `${family}.${name}`,
  request: asking(family, more),
  isNew: true,
});
const edit33 = (family: string, name: string, references: string[], more: Partial<FrameRecipe> = {}) =>
  on33(family, name, { kind: 'edit', type: null, references, ...more });
/** In the style of these. */
const styled = (...images: string[]): Partial<FrameRecipe> => ({
  style_images: images.map((image, i) => ({ image, strength: i === 0 ? null : 0.25 })),
});
/** With a file, or a LoRA for speed. */
const running = (model: string): Partial<FrameRecipe> => ({ params: { model } });
const faster = (speed: string): Partial<FrameRecipe> => ({ params: { speed } });
const onThree = (family: string): Case[] => [
  on33(family, 'txt2img'),
  on33(family, 'img2img-two-loras', { ...onSource, ...twoLoras }),
  on33(family, 'inpaint', masked),
];

CASES.push(
  ...['z-image', 'flux2-klein', 'flux2-dev', 'qwen-image', 'flux-dev', 'krea2', 'sd35'].flatMap(onThree),
  on33('sdxl', 'second-pass-latent', { params: { hires_scale: 2, hires_upscaler: 'latent' } }),
  on33('flux2-klein', 'second-pass-latent', {
    params: { hires_scale: 1.5, hires_upscaler: 'latent-bicubic' },
  }),
  on33('z-image', 'second-pass-patch-canny', { params: { hires_scale: 1.5 }, controlnet: control('canny') }),
  on33('z-image', 'base', running('z_image_bf16.safetensors')),
  ...(['canny', 'depth', 'pose'] as const).map((type) =>
    on33('z-image', `patch-${type}`, { controlnet: control(type) }),
  ),
  on33('z-image', 'tileable', { params: { tileable: 'both' } }),
  on33('z-image', 'tileable-patch-canny', { params: { tileable: 'x' }, controlnet: control('canny') }),
  on33('flux2-klein', 'tileable-y', { params: { tileable: 'y' } }),
  on33('sdxl', 'tileable-img2img', { ...onSource, params: { tileable: true } }),
  on33('z-image', 'inpaint-patch-canny', { ...masked, controlnet: control('canny') }),
  on33('flux2-klein', 'base-4b', running('flux-2-klein-base-4b-fp8.safetensors')),
  on33('flux2-klein', '9b', running('flux-2-klein-9b-fp8.safetensors')),
  on33('flux2-klein', 'base-9b', running('flux-2-klein-base-9b-fp8.safetensors')),
  edit33('flux2-klein-edit', 'one', ['hero']),
  edit33('flux2-klein-edit', 'three-lora', ['hero', 'villain', 'source'], { style }),
  edit33(
    'flux2-klein-edit',
    'two-base',
    ['hero', 'villain'],
    running('flux-2-klein-base-4b-fp8.safetensors'),
  ),
  on33('flux2-dev', 'turbo', faster('turbo')),
  edit33('flux2-dev-edit', 'two', ['hero', 'villain']),
  on33('qwen-image', 'lightning-4', faster('lightning-4')),
  on33('qwen-image', 'lightning-8-lora', { ...faster('lightning-8'), style }),
  on33('qwen-image', 'distilled', running('qwen_image_distill_full_fp8_e4m3fn.safetensors')),
  edit33('qwen-image-edit', 'one', ['hero']),
  edit33('qwen-image-edit', 'three-lora', ['hero', 'villain', 'source'], { style }),
  edit33('qwen-image-edit', 'two-lightning', ['hero', 'villain'], faster('lightning-4')),
  edit33('qwen-image-edit', '2509', ['hero'], running('qwen_image_edit_2509_fp8_e4m3fn.safetensors')),
  on33('qwen-image-layered', 'txt2img'),
  on33('qwen-image-layered', 'img2img-six-lora', { ...onSource, params: { layers: 6 }, style }),
  on33('flux-dev', 'union-canny', { controlnet: control('canny') }),
  on33('flux-fill', 'inpaint', masked),
  on33('flux-fill', 'inpaint-lora', { ...masked, style }),
  ...['birefnet', 'birefnet-hr', 'birefnet-matting'].map((model) => ({
    ...cutOut(model),
    name: `remove-background.core-${model}`,
    isNew: true,
  })),
  on33('sd35', 'medium', running('sd3.5_medium_incl_clips_t5xxlfp8scaled.safetensors')),
);

CASES.push(
  on33('flux-dev', 'redux', styled('hero')),
  on33('flux-dev', 'redux-two-inpaint-lora', { ...masked, style, ...styled('hero', 'villain') }),
  on33('flux-dev', 'uso-two', { ...styled('hero', 'villain'), params: { style_mode: 'uso' } }),
  {
    ...on33('flux-schnell', 'redux-union-canny', { ...styled('hero'), controlnet: control('canny') }),
    files: { ...FILES, unet: 'flux1-schnell.safetensors' },
  },
  on33('flux2-klein', 'style-two', styled('hero', 'villain')),
  on33('flux2-klein', 'style-img2img', { ...onSource, ...styled('hero') }),
  edit33('flux2-klein-edit', 'style-base', ['source'], {
    ...styled('hero'),
    ...running('flux-2-klein-base-4b-fp8.safetensors'),
  }),
  on33('flux2-dev', 'style', styled('hero')),
  edit33('qwen-image-edit', 'style-two', ['source'], styled('hero', 'villain')),
);

const film33 = (family: string, name: string, more: Partial<FrameRecipe> = {}) =>
  on33(family, name, { kind: 'video', type: null, width: 832, height: 480, ...more });
const video = (more: Partial<RecipeVideo> = {}) => ({
  video: RecipeVideo.parse({ frames: 33, fps: 16, ...more }),
});
const start = { input_image: 'hero', width: null, height: null };
const ends = { ...start, ...video({ end_image: 'villain' }) };
const quick = faster('lightx2v-4');

CASES.push(
  film33('wan22-5b', 'text', video({ keep_frames: true })),
  film33('wan22-5b', 'start-lora', { ...start, ...video(), style }),
  film33('wan22-14b', 'text', video()),
  film33('wan22-14b', 'text-lightx2v-lora', { ...video(), ...quick, ...twoLoras }),
  film33('wan22-14b-image', 'start', { ...start, ...video() }),
  film33('wan22-14b-image', 'ends-lightx2v', { ...ends, ...quick }),
  film33('ltx-2', 'text', video({ fps: 25 })),
  film33('ltx-2', 'start', { ...start, ...video({ fps: 25 }) }),
  film33('ltx-2', 'ends-lora', { ...ends, style }),
  film33('hunyuan-video', 'text', video()),
  film33('hunyuan-video-image', 'start', { ...start, ...video() }),
);

/** One node per line, so that a diff shows the changed nodes. */
const written = (graph: Graph): string =>
  `{\n${Object.entries(graph)
    .map(([id, node]) => `  "${id}": ${JSON.stringify(node)}`)
    .join(',\n')}\n}\n`;

describe.each(CASES)('$name', ({ name, request, files, isNew }) => {
  const server = isNew ? newServer() : fullServer();
  const family = comfyFamilies(files ?? FILES).find(({ spec }) => spec.id === request.family);
  const built = family?.build(request, PICTURES, server);

  test('is the graph we know', async () => {
    await expect(written(built?.graph ?? {})).toMatchFileSnapshot(`./golden/${name}.golden.json`);
  });

  test('keeps the rules of the server', () => {
    expect(brokenRules(built?.graph ?? {}, server)).toEqual([]);
  });

  test('needs nothing a full server lacks', () => {
    expect(family?.missing(server, request)).toEqual([]);
  });
});
