/** Compares every family's graphs with stored ones that a real ComfyUI accepted. `-u` updates the stored ones. */
import type { FrameRecipe } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../fixtures/graph-rules.ts';
import { asking, control, FILES, PICTURES, PRO_2, style } from '../fixtures/requests.ts';
import { fullServer } from '../fixtures/servers.ts';
import type { Graph } from '../graph.ts';
import { comfyFamilies, type FluxFiles } from './index.ts';

interface Case {
  name: string;
  request: FrameRecipe;
  files?: FluxFiles;
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
  kontext('one', ['hero']),
  kontext('two-stitched', ['hero', 'villain']),
  kontext('two-chained', ['hero', 'villain'], { params: { reference_mode: 'chained' } }),
  kontext('three-stitched-lora', ['hero', 'villain', 'source'], { style, width: 1024, height: 1024 }),
  ...(['sdxl', 'sd15'] as const).flatMap((family) => [
    { name: `${family}.txt2img`, request: asking(family) },
    { name: `${family}.img2img-two-loras`, request: asking(family, { ...onSource, ...twoLoras }) },
    { name: `${family}.inpaint`, request: asking(family, masked) },
  ]),
  ...['birefnet', 'birefnet-hr', 'birefnet-matting', 'birefnet-toon'].map(cutOut),
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

/** One node per line, so that a diff shows the changed nodes. */
const written = (graph: Graph): string =>
  `{\n${Object.entries(graph)
    .map(([id, node]) => `  "${id}": ${JSON.stringify(node)}`)
    .join(',\n')}\n}\n`;

describe.each(CASES)('$name', ({ name, request, files }) => {
  const server = fullServer();
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
