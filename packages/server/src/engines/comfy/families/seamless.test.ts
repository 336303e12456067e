/** Edges that meet: by the server's own nodes, or by painting over the seams. */
import { type FrameRecipe, type Params, paramsWith } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../fixtures/graph-rules.ts';
import { asking, control, FILES, PICTURES } from '../fixtures/requests.ts';
import { newServer, withNodes } from '../fixtures/servers.ts';
import type { Graph } from '../graph.ts';
import type { ServerInfo } from '../server-info.ts';
import { comfyFamilies, specOn } from './index.ts';

const family = (id: string) => {
  const found = comfyFamilies(FILES).find(({ spec }) => spec.id === id);
  if (!found) throw new Error(id);
  return found;
};
const asked = (tileable: Params['tileable'], more: Partial<FrameRecipe> = {}, id = 'z-image') =>
  asking(id, { width: 1024, height: 512, ...more, params: { tileable } });
const built = (request: FrameRecipe, server = newServer()) =>
  family(request.family).build(request, PICTURES, server);
const nodes = (graph: Graph, classType: string) =>
  Object.values(graph).flatMap(({ class_type, inputs }) => (class_type === classType ? [inputs] : []));

/** As in ComfyUI's sources after 0.33. */
const tiling = {
  tiling: ['COMBO', { options: ['x', 'y', 'x and y'] }],
  context_size: ['INT', { default: 8, min: 1, max: 256 }],
};
const later: ServerInfo = withNodes(newServer(), {
  ModelPatchSeamlessTiling: { input: { required: { model: ['MODEL'], ...tiling } }, output: ['MODEL'] },
  VAEDecodeSeamlessTiling: {
    input: { required: { samples: ['LATENT'], vae: ['VAE'], ...tiling } },
    output: ['IMAGE'],
  },
});

describe('where the server has nodes for it', () => {
  test('the model and the decoder are told the axes, and nothing is painted over', () => {
    const { graph } = built(asked('both'), later);
    expect(brokenRules(graph, later)).toEqual([]);
    expect(nodes(graph, 'ModelPatchSeamlessTiling')[0]?.tiling).toBe('x and y');
    expect(nodes(graph, 'VAEDecodeSeamlessTiling')[0]?.tiling).toBe('x and y');
    expect(nodes(graph, 'KSampler')).toHaveLength(1);
    expect(nodes(graph, 'VAEDecode')).toEqual([]);
  });

  test('a ControlNet, which they refuse, is served by painting over the seams without it', () => {
    const { graph } = built(asked('x', { controlnet: control('canny') }), later);
    expect(nodes(graph, 'ModelPatchSeamlessTiling')).toEqual([]);
    const [whole, seam] = nodes(graph, 'KSampler');
    const classOf = (link: unknown) => graph[(link as [string, number])[0]]?.class_type;
    expect(classOf(whole?.model)).toBe('ZImageFunControlnet');
    expect(classOf(seam?.model)).toBe('DifferentialDiffusion');
    expect(nodes(graph, 'DifferentialDiffusion').map(({ model }) => classOf(model))).toEqual([
      'ModelSamplingAuraFlow',
    ]);
  });
});

/** Moves a row of numbers as the graph moves a picture along x, so that the way back can be checked. */
function movedRow(graph: Graph, width: number): number[] {
  const rows = new Map<string, number[]>();
  const of = (link: unknown) => (Array.isArray(link) ? rows.get(String(link[0])) : undefined);
  const start = Array.from({ length: width }, (_, i) => i);
  for (const [id, { class_type, inputs }] of Object.entries(graph)) {
    if (class_type === 'VAEDecode') rows.set(id, start);
    const image = of(inputs.image ?? inputs.destination);
    if (class_type === 'ImageCrop' && image)
      rows.set(id, image.slice(Number(inputs.x), Number(inputs.x) + Number(inputs.width)));
    if (class_type !== 'ImageCompositeMasked' || !image) continue;
    const source = inputs.mask ? image : (of(inputs.source) ?? image);
    const x = Number(inputs.x);
    rows.set(
      id,
      image.map((value, at) => source[at - x] ?? value),
    );
  }
  const saved = Object.values(graph).find(({ class_type }) => class_type === 'SaveImage');
  return of(saved?.inputs.images) ?? [];
}

describe('elsewhere', () => {
  test.each([
    ['x', 2, 1],
    ['y', 2, 1],
    ['both', 3, 4],
    [true, 3, 4],
  ] as const)('for %s the model runs %i times, over %i seams', (tileable, runs, seams) => {
    const { graph, weights, details } = built(asked(tileable));
    expect(nodes(graph, 'KSampler')).toHaveLength(runs);
    expect(Object.keys(weights)).toHaveLength(runs);
    expect(nodes(graph, 'MaskComposite')).toHaveLength(seams);
    expect(details.tileable).toBe(tileable === true ? 'both' : tileable);
    expect(brokenRules(graph, newServer())).toEqual([]);
  });

  test.each(['x', 'y', 'both'] as const)('the painting is back in its place after %s', (tileable) => {
    expect(movedRow(built(asked(tileable)).graph, 1024)).toEqual(Array.from({ length: 1024 }, (_, i) => i));
  });

  test('the masks stay within the picture and end before its border', () => {
    const { graph } = built(asked('both'));
    for (const { x, y, source } of nodes(graph, 'MaskComposite')) {
      const feather = graph[(source as [string, number])[0]]?.inputs;
      const [solidId] = (feather?.mask ?? []) as [string?];
      const solid = graph[solidId ?? '']?.inputs;
      expect(Number(x) + Number(solid?.width)).toBeLessThanOrEqual(1024);
      expect(Number(y) + Number(solid?.height)).toBeLessThanOrEqual(512);
      if (Number(y) === 0) expect(Number(feather?.top)).toBeGreaterThan(0);
      if (Number(x) === 0) expect(Number(feather?.left)).toBeGreaterThan(0);
    }
  });

  test('a picture that is not asked for with such edges is painted as ever', () => {
    for (const tileable of [undefined, false, 'off'] as const)
      expect(built(asked(tileable)).graph).toEqual(
        built(asking('z-image', { width: 1024, height: 512 })).graph,
      );
    const masked = { type: 'inpaint', input_image: 'source', mask_image: 'mask' } as const;
    expect(nodes(built(asked('both', masked)).graph, 'KSampler')).toHaveLength(1);
  });

  test('models that cannot paint over a picture do not offer it', () => {
    const offers = (id: string) =>
      paramsWith(specOn(family(id), [newServer()]).params, {}).some(({ key }) => key === 'tileable');
    expect(['z-image', 'flux2-klein', 'qwen-image', 'sdxl', 'flux-schnell'].map(offers)).not.toContain(false);
    expect(['flux-kontext', 'flux2-klein-edit', 'qwen-image-layered', 'flux-fill'].map(offers)).not.toContain(
      true,
    );
  });
});
