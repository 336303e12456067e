/** Enlarging with new detail: tiles, what holds them to the picture, and which model paints. */
import type { FrameRecipe } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { asking, FILES, PICTURES, PRO_2 } from '../fixtures/requests.ts';
import { newServer, newServerListing } from '../fixtures/servers.ts';
import type { ServerInfo } from '../server-info.ts';
import { comfyFamilies, type FluxFiles, specOn } from './index.ts';
import { tilesOf } from './tiles.ts';

function creativeWith(files: FluxFiles) {
  const found = comfyFamilies(files).find(({ spec }) => spec.id === 'creative-upscale');
  if (!found) throw new Error('there is no such family');
  return found;
}
const family = creativeWith(FILES);
const asked = (params: FrameRecipe['params'] = {}, more: Partial<FrameRecipe> = {}) =>
  asking('creative-upscale', { kind: 'upscale', type: null, input_image: 'source', params, ...more });
const nodes = (request: FrameRecipe, classType: string, server: ServerInfo = newServer()) =>
  Object.values(family.build(request, PICTURES, server).graph).flatMap(({ class_type, inputs }) =>
    class_type === classType ? [inputs] : [],
  );

describe('the tiles', () => {
  test.each([
    [1024, 1024, 1],
    [1536, 1536, 1],
    [2400, 1600, 6],
    [4800, 3200, 24],
    [8192, 640, 9],
  ])('cover %i × %i, %i in all, each beside or over its neighbours', (width, height, count) => {
    const tiles = tilesOf({ width, height }, 1024);
    expect(tiles).toHaveLength(count);
    const covered = new Uint8Array(width * height);
    for (const { x, y, width: w, height: h, over } of tiles) {
      expect([x % 8, y % 8]).toEqual([0, 0]);
      expect(x + w <= width && y + h <= height).toBe(true);
      expect([over.left > 0, over.top > 0]).toEqual([x > 0, y > 0]);
      for (let row = y; row < y + h; row++) covered.fill(1, row * width + x, row * width + x + w);
    }
    expect(covered.includes(0)).toBe(false);
  });

  test('are painted one after the other, each from what is painted so far, with noise of its own', () => {
    const request = asked({ model: 'sdxl' });
    const crops = nodes(request, 'ImageCrop');
    const laid = nodes(request, 'ImageCompositeMasked');
    expect(crops).toHaveLength(laid.length);
    expect(new Set(crops.map(({ image }) => String(image))).size).toBe(crops.length);
    const seeds = nodes(request, 'KSampler').map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(crops.length);
  });
});

test('the result has exactly the size asked for, whatever sides the latent needs', () => {
  const scaled = nodes(asked({ factor: 3 }, { input_image: 'small' }), 'ImageScale');
  expect(scaled.map(({ width, height }) => [width, height])).toEqual([
    [1504, 1008],
    [1500, 999],
  ]);
});

test('the strength reaches the sampler, and the words where there are some', () => {
  expect(nodes(asked({ model: 'sdxl', denoise: 0.1 }), 'KSampler')[0]?.steps).toBeLessThan(
    Number(nodes(asked({ model: 'sdxl', denoise: 0.6 }), 'KSampler')[0]?.steps),
  );
  expect(nodes(asked({}, { prompt: '' }), 'CLIPTextEncode')[0]?.text).toBe('sharp, detailed, high quality');
  expect(nodes(asked({}, { prompt: 'a mossy wall' }), 'CLIPTextEncode')[0]?.text).toBe('a mossy wall');
});

test('SDXL is held to the picture by its tile ControlNet, at every tile', () => {
  const request = asked({ model: 'sdxl' });
  expect(nodes(request, 'ControlNetLoader')).toEqual([
    { control_net_name: 'controlnet-tile-sdxl-1.0.safetensors' },
  ]);
  expect(nodes(request, 'ControlNetApplyAdvanced')).toHaveLength(nodes(request, 'KSampler').length);
});

test('models are offered where their files are, the freest licence first', () => {
  const offered = (server: ServerInfo) => specOn(family, [server]).params.find(({ key }) => key === 'model');
  expect(offered(newServer())?.choices?.map(({ value }) => value)).toEqual(['z-image', 'sdxl', 'flux-dev']);
  const without = newServerListing({ 'UNETLoader.unet_name': [] });
  expect(offered(without)).toMatchObject({
    default: 'sdxl',
    choices: [{ value: 'sdxl' }, { value: 'flux-dev' }],
  });
  expect(family.missing(without, asked())).toEqual([]);
});

test('a missing ControlNet is named with its folder and source', () => {
  const server = newServerListing({ 'ControlNetLoader.control_net_name': [] });
  expect(family.missing(server, asked({ model: 'sdxl' }))).toEqual([
    expect.objectContaining({
      what: 'model_file',
      name: 'controlnet-tile-sdxl-1.0.safetensors',
      folder: 'models/controlnet',
      source: 'xinsir/controlnet-tile-sdxl-1.0',
    }),
  ]);
});

test('without an upscale model the picture is only scaled first', () => {
  const server = newServerListing({ 'UpscaleModelLoader.model_name': [] });
  expect(nodes(asked(), 'ImageUpscaleWithModel', server)).toEqual([]);
  expect(family.missing(server, asked())).toEqual([]);
});

describe('FLUX.1', () => {
  const union = 'instantx-flux-union-controlnet.safetensors';

  test('is held to the picture by the tile mode of its union ControlNet, with its guidance', () => {
    const request = asked({ model: 'flux-dev' });
    expect(nodes(request, 'ControlNetLoader')).toEqual([{ control_net_name: union }]);
    expect(nodes(request, 'SetUnionControlNetType')).toHaveLength(1);
    expect(nodes(request, 'ControlNetApplyAdvanced')).toHaveLength(nodes(request, 'KSampler').length);
    expect(nodes(request, 'FluxGuidance')).toMatchObject([{ guidance: 3.5 }]);
  });

  test('takes the union ControlNet of InstantX where the configured one was not trained on tiles', () => {
    const other = creativeWith(PRO_2);
    const graph = other.build(asked({ model: 'flux-dev' }), PICTURES, newServer()).graph;
    const loaded = Object.values(graph).filter(({ class_type }) => class_type === 'ControlNetLoader');
    expect(loaded.map(({ inputs }) => inputs.control_net_name)).toEqual([union]);
    const server = newServerListing({ 'ControlNetLoader.control_net_name': [PRO_2.controlnet] });
    expect(other.missing(server, asked({ model: 'flux-dev' }))).toMatchObject([{ name: union }]);
  });

  test('is offered with the licence of its ControlNet, also schnell', () => {
    const choices = family.spec.params.find(({ key }) => key === 'model')?.choices;
    const licences = choices?.filter(({ value }) => String(value).startsWith('flux'));
    expect(licences?.map(({ value, licence }) => [value, licence])).toEqual([
      ['flux-dev', 'FLUX.1 [dev] Non-Commercial License'],
      ['flux-schnell', 'FLUX.1 [dev] Non-Commercial License'],
    ]);
  });
});
