/** Which node and file cut a picture out, what the form offers under which licence, and what is missing. */
import { type FrameRecipe, licenceWith } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../fixtures/graph-rules.ts';
import { asking, FILES, PICTURES } from '../fixtures/requests.ts';
import { fullServer, newServer, newServerListing, serverWithout, withNodes } from '../fixtures/servers.ts';
import type { ServerInfo } from '../server-info.ts';
import { CUT_OUT_MODELS } from './cut-out-models.ts';
import { comfyFamilies, specOn } from './index.ts';

const family = comfyFamilies(FILES).find(({ spec }) => spec.id === 'remove-background');
if (!family) throw new Error('there is no such family');
const cut = (model?: string): FrameRecipe =>
  asking('remove-background', { kind: 'remove_bg', type: null, input_image: 'source', params: { model } });
const graph = (server: ServerInfo, model?: string) => family.build(cut(model), PICTURES, server).graph;
const node = (server: ServerInfo, classType: string, model?: string) =>
  Object.values(graph(server, model)).find(({ class_type }) => class_type === classType)?.inputs;
const having = (...files: string[]) =>
  newServerListing({ 'LoadBackgroundRemovalModel.bg_removal_name': files });
const modelsOn = (...servers: ServerInfo[]) => specOn(family, servers).params[0];

/** With the input for the size, which later releases have. */
const withSize = (server: ServerInfo): ServerInfo =>
  withNodes(server, {
    RemoveBackground: {
      input: {
        required: { bg_removal_model: ['BACKGROUND_REMOVAL'], image: ['IMAGE'] },
        optional: { resolution: ['INT', { default: 1024, min: 256, max: 4096 }] },
      },
      output: ['MASK'],
    },
  });
const withPack = (server: ServerInfo): ServerInfo => ({
  nodes: new Map([...fullServer().nodes, ...server.nodes]),
});

describe("ComfyUI's own nodes", () => {
  test('join the mask, turned round, as alpha', () => {
    expect(Object.values(graph(newServer())).map((each) => each.class_type)).toEqual([
      'LoadImage',
      'LoadBackgroundRemovalModel',
      'RemoveBackground',
      'InvertMask',
      'JoinImageWithAlpha',
      'SaveImage',
    ]);
  });

  test.each([
    ['birefnet', 'BiRefNet-general-epoch_244.safetensors'],
    ['birefnet', 'sub/BiRefNet_fp16.safetensors'],
    ['birefnet-hr', 'BiRefNet_HR.safetensors'],
    ['birefnet-hr-matting', 'BiRefNet-HR-matting.safetensors'],
    ['birefnet-dynamic', 'BiRefNet_dynamic.safetensors'],
    ['rmbg-2', 'RMBG-2.0.safetensors'],
  ])('run %s from %s, and no other file as it', (model, file) => {
    expect(node(having('BiRefNet_lite.safetensors', file), 'LoadBackgroundRemovalModel', model)).toEqual({
      bg_removal_name: file,
    });
    const value = ({ value: each }: { value: string | number }) => each;
    expect(modelsOn(having(file))?.choices?.map(value)).toContain(model);
  });

  test('get the size a model was trained at, where they have an input for it', () => {
    const hr = having('birefnet-hr.safetensors');
    expect(node(hr, 'RemoveBackground', 'birefnet-hr')).not.toHaveProperty('resolution');
    expect(family.build(cut('birefnet-hr'), PICTURES, hr).summary.en).toContain('at 1024 pixels');
    const later = withSize(hr);
    expect(node(later, 'RemoveBackground', 'birefnet-hr')?.resolution).toBe(2048);
    expect(family.build(cut('birefnet-hr'), PICTURES, later).summary.en).not.toContain('1024');
    expect(brokenRules(graph(later, 'birefnet-hr'), later)).toEqual([]);
  });

  test('come before the pack, but for a model that they run at half its size', () => {
    const both = withPack(having('birefnet.safetensors', 'birefnet-hr.safetensors'));
    expect(node(both, 'BiRefNetRMBG')).toBeUndefined();
    expect(node(both, 'BiRefNetRMBG', 'birefnet-hr')?.model).toBe('BiRefNet-HR');
    expect(node(withSize(both), 'BiRefNetRMBG', 'birefnet-hr')).toBeUndefined();
  });
});

describe('the pack', () => {
  test('runs each of its models on the node that has it', () => {
    expect(node(fullServer(), 'RMBG', 'ben2')).toMatchObject({ model: 'BEN2', process_res: 1024 });
    expect(node(fullServer(), 'BiRefNetRMBG', 'birefnet-lite')).toMatchObject({ model: 'BiRefNet_lite' });
    expect(node(fullServer(), 'RMBG', 'RMBG-2.0')).toMatchObject({ model: 'RMBG-2.0' });
  });
});

describe('the form', () => {
  test('shows the licence of each model, and prefers one without conditions', () => {
    const server = having('RMBG-2.0.safetensors', 'BiRefNet-matting.safetensors', 'mine.safetensors');
    const spec = specOn(family, [server]);
    const [model] = spec.params;
    expect(model?.default).toBe('birefnet-matting');
    expect(model?.choices?.map(({ value }) => value)).toEqual([
      'birefnet-matting',
      'rmbg-2',
      'mine.safetensors',
    ]);
    expect(licenceWith(spec, {})).toBe('MIT');
    expect(licenceWith(spec, { model: 'rmbg-2' })).toBe('CC BY-NC 4.0');
    expect(licenceWith(spec, { model: 'mine.safetensors' })).toBe('not stated');
    expect(node(server, 'LoadBackgroundRemovalModel')?.bg_removal_name).toBe('BiRefNet-matting.safetensors');
  });

  test('does not take a model with conditions by itself', () => {
    const server = having('RMBG-2.0.safetensors');
    expect(modelsOn(server)?.default).toBe('birefnet');
    expect(family.missing(server).map(({ name }) => name)).toEqual(['birefnet.safetensors']);
    expect(family.missing(server, cut('rmbg-2'))).toEqual([]);
  });

  test('offers every model while no server is known', () => {
    expect(specOn(family, []).params[0]?.choices).toHaveLength(CUT_OUT_MODELS.length);
  });
});

describe('what is missing', () => {
  test('is the file with its folder and source, where the nodes are there', () => {
    expect(family.missing(having(), cut('birefnet-hr'))).toEqual([
      expect.objectContaining({
        what: 'model_file',
        name: 'birefnet-hr.safetensors',
        folder: 'models/background_removal',
        licence: 'MIT',
        source: 'ZhengPeng7/BiRefNet_HR',
        command: expect.stringContaining('models/background_removal/birefnet-hr.safetensors'),
      }),
    ]);
  });

  test('is the pack for a model that only the pack has, and on a server without the nodes', () => {
    expect(family.missing(newServer(), cut('ben2'))).toEqual([
      expect.objectContaining({ what: 'node', name: 'RMBG', source: '1038lab/ComfyUI-RMBG' }),
    ]);
    expect(family.missing(serverWithout('BiRefNetRMBG', 'RMBG'), cut())).toEqual([
      expect.objectContaining({ what: 'node', name: 'BiRefNetRMBG' }),
    ]);
  });
});
