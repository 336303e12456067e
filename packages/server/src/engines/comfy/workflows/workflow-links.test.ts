import { describe, expect, test } from 'vitest';
import { textGraph } from '../fixtures/text-graph.ts';
import type { Graph, GraphInput } from '../graph.ts';
import { readWorkflow } from './workflow-import.ts';

type Nodes = Record<string, [classType: string, inputs: Record<string, GraphInput>, title?: string]>;

const graphOf = (nodes: Nodes): Graph =>
  Object.fromEntries(
    Object.entries(nodes).map(([id, [class_type, inputs, title]]) => [
      id,
      { class_type, inputs, ...(title ? { _meta: { title } } : {}) },
    ]),
  );

const base = (more: Nodes = {}): Graph => ({
  ...textGraph({ prompt: 'own words', negative: 'blurry' }),
  ...graphOf(more),
});

const sampler = (inputs: Record<string, GraphInput>): Nodes[string] => [
  'KSampler',
  textGraph({ sampler: inputs })['3']?.inputs ?? {},
];

const mapOf = (graph: Graph) => readWorkflow(graph, 'x').map;

describe('a prompt that comes through links', () => {
  const joined: Nodes = {
    '6': ['CLIPTextEncode', { text: ['20', 0], clip: ['4', 1] }],
    '20': ['StringConcatenate', { string_a: ['21', 0], string_b: ', best quality', delimiter: '' }],
    '21': ['PrimitiveStringMultiline', { value: 'own words' }],
  };

  test('is the text of the node that holds it, not what is joined to it', () => {
    expect(mapOf(base(joined)).prompt).toEqual([{ node: '21', input: 'value' }]);
  });

  test('of several held texts is the one that is titled so, or the first', () => {
    const held: Nodes = {
      ...joined,
      '20': ['StringConcatenate', { string_a: ['22', 0], string_b: ['21', 0], delimiter: ', ' }],
      '22': ['PrimitiveString', { value: 'a style' }],
    };
    expect(mapOf(base(held)).prompt).toEqual([{ node: '22', input: 'value' }]);
    const titled: Nodes = { ...held, '21': ['PrimitiveStringMultiline', { value: 'x' }, 'My prompt'] };
    expect(mapOf(base(titled)).prompt).toEqual([{ node: '21', input: 'value' }]);
  });

  test('that no text can be put into is said not to be taken', () => {
    const made = base({
      '6': ['CLIPTextEncode', { text: ['20', 0], clip: ['4', 1] }],
      '20': ['DescribePicture', { image: ['21', 0] }],
      '21': ['LoadImage', { image: 'a.png' }],
    });
    expect(mapOf(made).prompt).toBeUndefined();
  });
});

test('sizes and seeds are found in the nodes that hold them', () => {
  const map = mapOf(
    base({
      '3': sampler({ seed: ['32', 0] }),
      '5': ['EmptyLatentImage', { width: ['30', 0], height: ['31', 0], batch_size: 1 }],
      '30': ['PrimitiveInt', { value: 832 }],
      '31': ['PrimitiveInt', { value: 1216 }],
      '32': ['Seed (rgthree)', { seed: 5 }],
    }),
  );
  expect(map).toMatchObject({
    width: [{ node: '30', input: 'value' }],
    height: [{ node: '31', input: 'value' }],
    seed: [{ node: '32', input: 'seed' }],
  });
});

test('two passes with values of their own keep them: only the first is offered, the seed goes to both', () => {
  const second = sampler({ latent_image: ['11', 0], denoise: 0.5, steps: 12, cfg: 8 });
  const map = mapOf(
    base({
      '2': second,
      '11': ['LatentUpscaleBy', { samples: ['3', 0], upscale_method: 'nearest-exact', scale_by: 1.5 }],
      '8': ['VAEDecode', { samples: ['2', 0], vae: ['4', 2] }],
    }),
  );
  expect(map.denoise).toEqual([{ node: '3', input: 'denoise' }]);
  expect(map.steps).toEqual([{ node: '3', input: 'steps' }]);
  expect(map.cfg).toHaveLength(2);
  expect(map.seed).toHaveLength(2);
});

describe('other forms of a graph', () => {
  test('the body of a prompt, and what the page puts into a picture', () => {
    expect(Object.keys(readWorkflow({ prompt: base(), client_id: 'x' }, 'x').graph)).toEqual(
      Object.keys(base()),
    );
    expect(readWorkflow({ output: base(), workflow: {} }, 'x').map.prompt).toHaveLength(1);
  });

  test('links whose node is a number are read as links', () => {
    const { graph, map } = readWorkflow(
      base({
        '9': ['SaveImage', { filename_prefix: 'x', images: [8, 0] }],
        '3': sampler({ positive: [6, 0] }),
      }),
      'x',
    );
    expect(graph['9']?.inputs.images).toEqual(['8', 0]);
    expect(map.prompt).toEqual([{ node: '6', input: 'text' }]);
  });
});
