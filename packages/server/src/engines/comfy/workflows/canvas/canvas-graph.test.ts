import type { StudioError } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import {
  type CanvasLinkOf,
  type CanvasNodeOf,
  canvasOf,
  field,
  linkObjects,
  output,
  SAMPLER_INPUTS,
  socket,
  TEXT_LINKS,
  TEXT_NODES,
} from '../../fixtures/canvas.ts';
import { brokenRules } from '../../fixtures/graph-rules.ts';
import { fullServer, serverWithMore, serverWithout } from '../../fixtures/servers.ts';
import { textGraph } from '../../fixtures/text-graph.ts';
import type { Graph } from '../../graph.ts';
import { proposeMap } from '../workflow-map.ts';
import { convertCanvas } from './canvas-graph.ts';

const SERVER = fullServer();
const convert = (canvas: unknown, server = SERVER): Graph =>
  convertCanvas(JSON.parse(JSON.stringify(canvas)), [server]);
const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as StudioError).body('en').message;
  }
  throw new Error('was not refused');
};
const without = (nodes: CanvasNodeOf[], id: number): CanvasNodeOf[] => nodes.filter((node) => node.id !== id);
const changed = (id: number, over: object): CanvasNodeOf[] =>
  TEXT_NODES.map((node) => (node.id === id ? { ...node, ...over } : node));
const inputsOf = (graph: Graph): Record<string, unknown> =>
  Object.fromEntries(Object.entries(graph).map(([id, { inputs }]) => [id, inputs]));

describe('what the page saves', () => {
  test('is the graph that the page exports', () => {
    const graph = convert(canvasOf(TEXT_NODES, TEXT_LINKS));
    expect(inputsOf(graph)).toEqual(inputsOf(textGraph()));
    expect(graph['6']).toMatchObject({ class_type: 'CLIPTextEncode', _meta: { title: 'Prompt' } });
    expect(brokenRules(graph, SERVER).filter((rule) => !rule.includes('links forward'))).toEqual([]);
  });

  test('has links as objects in version 1', () => {
    const canvas = {
      ...canvasOf(TEXT_NODES, []),
      links: linkObjects(TEXT_LINKS),
      version: 1,
      state: { lastNodeId: 9 },
    };
    expect(inputsOf(convert(canvas))).toEqual(inputsOf(textGraph()));
  });

  test('may have values by name', () => {
    const widgets_values = {
      steps: 9,
      cfg: 5,
      seed: 1,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
      preview: {},
    };
    const { inputs } = convert(canvasOf(changed(3, { widgets_values }), TEXT_LINKS))['3'] ?? {};
    expect(inputs).toMatchObject({ steps: 9, cfg: 5, seed: 1 });
    expect(inputs).not.toHaveProperty('preview');
  });

  test('has no control value in files that other programs wrote', () => {
    const widgets_values = [42, 20, 8, 'euler', 'normal', 1];
    expect(inputsOf(convert(canvasOf(changed(3, { widgets_values }), TEXT_LINKS)))).toEqual(
      inputsOf(textGraph()),
    );
  });

  test('may have placeholders in fields of every type', () => {
    const widgets_values = ['{{seed}}', 'fixed', '{{steps}}', 8, 'euler', 'normal', 1];
    const { inputs } = convert(canvasOf(changed(3, { widgets_values }), TEXT_LINKS))['3'] ?? {};
    expect(inputs).toMatchObject({ seed: '{{seed}}', steps: '{{steps}}', cfg: 8 });
  });

  test('may have a space behind a class name, as the oldest files do', () => {
    const nodes = changed(8, { type: 'VAEDecode ' });
    expect(convert(canvasOf(nodes, TEXT_LINKS))['8']?.class_type).toBe('VAEDecode');
  });

  test('has a switch beside the seed in the oldest files', () => {
    for (const toggle of [true, false]) {
      const widgets_values = [42, toggle, 20, 8, 'euler', 'normal', 1];
      expect(inputsOf(convert(canvasOf(changed(3, { widgets_values }), TEXT_LINKS)))).toEqual(
        inputsOf(textGraph()),
      );
    }
  });

  test('gives the default of a field that is newer than the file', () => {
    const widgets_values = [42, 'fixed', 20, 8, 'euler', 'normal'];
    expect(convert(canvasOf(changed(3, { widgets_values }), TEXT_LINKS))['3']?.inputs.denoise).toBe(1);
  });

  test('has notes, which are ignored, and nodes without a result, which are left out', () => {
    const more: CanvasNodeOf[] = [
      { id: 20, type: 'Note', widgets_values: ['read me'] },
      { id: 21, type: 'MarkdownNote', widgets_values: ['# read me'] },
      { id: 22, type: 'VAELoader', widgets_values: ['ae.safetensors'], outputs: [output('VAE')] },
    ];
    expect(Object.keys(convert(canvasOf([...TEXT_NODES, ...more], TEXT_LINKS)))).toHaveLength(7);
  });

  test('wraps a value that is a list, which would be a link otherwise', () => {
    const server = serverWithMore({
      Curve: { input: { required: { curve: ['CURVE', {}], image: ['IMAGE'] } }, output: ['IMAGE'] },
    });
    const curve: CanvasNodeOf = {
      id: 30,
      type: 'Curve',
      inputs: [field('curve', 'CURVE'), socket('image', 'IMAGE', 9)],
      outputs: [output('IMAGE', 10)],
      widgets_values: [['a', 1]],
    };
    const nodes = [...changed(9, { inputs: [socket('images', 'IMAGE', 10)] }), curve];
    const links: CanvasLinkOf[] = [
      ...TEXT_LINKS.slice(0, -1),
      [9, 8, 0, 30, 1, 'IMAGE'],
      [10, 30, 0, 9, 0, 'IMAGE'],
    ];
    expect(convert(canvasOf(nodes, links), server)['30']?.inputs).toEqual({
      curve: { __value__: ['a', 1] },
      image: ['8', 0],
    });
  });

  test('has the button of a picture among the values', () => {
    const nodes: CanvasNodeOf[] = [
      {
        id: 1,
        type: 'LoadImageMask',
        widgets_values: ['a.png', 'red', 'image'],
        outputs: [output('MASK', 1)],
      },
      {
        id: 2,
        type: 'GrowMask',
        inputs: [socket('mask', 'MASK', 1)],
        widgets_values: [6, true],
        outputs: [output('MASK', 2)],
      },
      {
        id: 3,
        type: 'LoadImage',
        widgets_values: ['b.png', 'image'],
        outputs: [output('IMAGE', 3), output('MASK')],
      },
      {
        id: 4,
        type: 'JoinImageWithAlpha',
        inputs: [socket('image', 'IMAGE', 3), socket('alpha', 'MASK', 2)],
        outputs: [output('IMAGE', 4)],
      },
      { id: 5, type: 'SaveImage', inputs: [socket('images', 'IMAGE', 4)], widgets_values: ['x'] },
    ];
    const links: CanvasLinkOf[] = [
      [1, 1, 0, 2, 0, 'MASK'],
      [2, 2, 0, 4, 1, 'MASK'],
      [3, 3, 0, 4, 0, 'IMAGE'],
      [4, 4, 0, 5, 0, 'IMAGE'],
    ];
    const graph = convert(canvasOf(nodes, links));
    expect(graph['1']?.inputs).toEqual({ image: 'a.png', channel: 'red' });
    expect(graph['3']?.inputs).toEqual({ image: 'b.png' });
    expect(graph['2']?.inputs).toMatchObject({ mask: ['1', 0], expand: 6 });
  });
});

describe('a field that is linked', () => {
  const seedInput = [...SAMPLER_INPUTS, field('seed', 'INT', 20)];

  test('takes the value of a primitive node', () => {
    const primitive: CanvasNodeOf = {
      id: 20,
      type: 'PrimitiveNode',
      outputs: [{ name: 'INT', type: 'INT', links: [20], widget: { name: 'seed' } }],
      widgets_values: [777, 'fixed'],
    };
    const canvas = canvasOf(
      [...changed(3, { inputs: seedInput }), primitive],
      [...TEXT_LINKS, [20, 20, 0, 3, 4, 'INT']],
    );
    expect(convert(canvas)['3']?.inputs).toMatchObject({ seed: 777, steps: 20 });
  });

  test('takes the output of another node, and its own value still has its place in the list', () => {
    const server = serverWithMore({
      Number: { input: { required: { value: ['INT', { default: 1 }] } }, output: ['INT'] },
    });
    const other: CanvasNodeOf = {
      id: 20,
      type: 'Number',
      outputs: [output('INT', 20)],
      widgets_values: [5, 'fixed'],
    };
    const canvas = canvasOf(
      [...changed(3, { inputs: seedInput }), other],
      [...TEXT_LINKS, [20, 20, 0, 3, 4, 'INT']],
    );
    expect(convert(canvas, server)['3']?.inputs).toMatchObject({ seed: ['20', 0], steps: 20, cfg: 8 });
  });

  test('that can only be linked has a hidden value in older files and none in newer ones', () => {
    const server = serverWithMore({
      Tagger: {
        input: {
          required: {
            clip: ['CLIP'],
            words: ['STRING', { forceInput: true }],
            amount: ['FLOAT', { default: 1 }],
          },
        },
        output: ['CONDITIONING'],
      },
      Words: { input: { required: { text: ['STRING', {}] } }, output: ['STRING'] },
    });
    for (const widgets_values of [[0.5], ['', 0.5]]) {
      const tagger = {
        type: 'Tagger',
        inputs: [socket('clip', 'CLIP', 3), socket('words', 'STRING', 20)],
        widgets_values,
      };
      const words: CanvasNodeOf = {
        id: 20,
        type: 'Words',
        outputs: [output('STRING', 20)],
        widgets_values: ['a cat'],
      };
      const canvas = canvasOf([...changed(6, tagger), words], [...TEXT_LINKS, [20, 20, 0, 6, 1, 'STRING']]);
      expect(convert(canvas, server)['6']?.inputs).toEqual({ clip: ['4', 1], words: ['20', 0], amount: 0.5 });
    }
  });
});

describe('links', () => {
  test('go through reroutes and through setters and getters', () => {
    const more: CanvasNodeOf[] = [
      { id: 20, type: 'Reroute', inputs: [socket('', '*', 20)], outputs: [output('VAE', 21)] },
      {
        id: 21,
        type: 'SetNode',
        inputs: [socket('VAE', 'VAE', 21)],
        outputs: [output('*')],
        widgets_values: ['my vae'],
      },
      { id: 22, type: 'GetNode', inputs: [], outputs: [output('VAE', 8)], widgets_values: ['my vae'] },
    ];
    const links: CanvasLinkOf[] = [
      ...TEXT_LINKS.filter(([id]) => id !== 8),
      [20, 4, 2, 20, 0, 'VAE'],
      [21, 20, 0, 21, 0, 'VAE'],
      [8, 22, 0, 8, 1, 'VAE'],
    ];
    expect(inputsOf(convert(canvasOf([...TEXT_NODES, ...more], links)))).toEqual(inputsOf(textGraph()));
  });

  test('in a circle of reroutes lead to nothing', () => {
    const more: CanvasNodeOf[] = [
      { id: 20, type: 'Reroute', inputs: [socket('', '*', 21)], outputs: [output('VAE', 8, 20)] },
      { id: 21, type: 'Reroute', inputs: [socket('', '*', 20)], outputs: [output('VAE', 21)] },
    ];
    const links: CanvasLinkOf[] = [
      ...TEXT_LINKS.filter(([id]) => id !== 8),
      [20, 20, 0, 21, 0, 'VAE'],
      [21, 21, 0, 20, 0, 'VAE'],
      [8, 20, 0, 8, 1, 'VAE'],
    ];
    expect(refusal(() => convert(canvasOf([...TEXT_NODES, ...more], links)))).toContain(
      'node 8 (VAEDecode): nothing is linked to its input "vae".',
    );
  });

  const lora = (mode: number): CanvasNodeOf => ({
    id: 20,
    type: 'LoraLoader',
    mode,
    inputs: [socket('model', 'MODEL', 20), socket('clip', 'CLIP', 21)],
    outputs: [output('MODEL', 1), output('CLIP', 3, 5)],
    widgets_values: ['icons.safetensors', 0.7, 0.6],
  });
  const throughLora: CanvasLinkOf[] = [
    [20, 4, 0, 20, 0, 'MODEL'],
    [21, 4, 1, 20, 1, 'CLIP'],
    ...TEXT_LINKS.map(
      (link): CanvasLinkOf =>
        [1, 3, 5].includes(link[0])
          ? [link[0], 20, link[5] === 'CLIP' ? 1 : 0, link[3], link[4], link[5]]
          : link,
    ),
  ];

  test('through a node that runs, and past one that is bypassed, by type', () => {
    const active = convert(canvasOf([...TEXT_NODES, lora(0)], throughLora));
    expect(active['3']?.inputs.model).toEqual(['20', 0]);
    expect(active['20']?.inputs).toEqual({
      model: ['4', 0],
      clip: ['4', 1],
      lora_name: 'icons.safetensors',
      strength_model: 0.7,
      strength_clip: 0.6,
    });
    expect(inputsOf(convert(canvasOf([...TEXT_NODES, lora(4)], throughLora)))).toEqual(inputsOf(textGraph()));
  });

  test('past a bypassed node whose output has another place than the input of its type', () => {
    const encode: CanvasNodeOf = {
      id: 20,
      type: 'VAEEncode',
      mode: 4,
      inputs: [socket('pixels', 'IMAGE', 20), socket('vae', 'VAE', 21), socket('latent', 'LATENT', 2)],
      outputs: [output('LATENT', 22)],
    };
    const links: CanvasLinkOf[] = [
      ...TEXT_LINKS.filter(([id]) => id !== 2),
      [2, 5, 0, 20, 2, 'LATENT'],
      [22, 20, 0, 3, 3, 'LATENT'],
    ];
    const sampler = SAMPLER_INPUTS.map((input) =>
      input.name === 'latent_image' ? socket('latent_image', 'LATENT', 22) : input,
    );
    const graph = convert(canvasOf([...changed(3, { inputs: sampler }), encode], links));
    expect(graph['3']?.inputs.latent_image).toEqual(['5', 0]);
  });
});

describe('muted nodes', () => {
  const upscale: CanvasNodeOf[] = [
    {
      id: 20,
      type: 'UpscaleModelLoader',
      widgets_values: ['RealESRGAN_x4plus.pth'],
      outputs: [output('UPSCALE_MODEL', 20)],
    },
    {
      id: 21,
      type: 'ImageUpscaleWithModel',
      inputs: [socket('upscale_model', 'UPSCALE_MODEL', 20), socket('image', 'IMAGE', 21)],
      outputs: [output('IMAGE', 22)],
    },
    { id: 22, type: 'SaveImage', inputs: [socket('images', 'IMAGE', 22)], widgets_values: ['large'] },
  ];
  const links: CanvasLinkOf[] = [
    ...TEXT_LINKS,
    [20, 20, 0, 21, 0, 'UPSCALE_MODEL'],
    [21, 8, 0, 21, 1, 'IMAGE'],
    [22, 21, 0, 22, 0, 'IMAGE'],
  ];
  const muting = (id: number) =>
    [...TEXT_NODES, ...upscale].map((node) => (node.id === id ? { ...node, mode: 2 } : node));

  test.each([20, 21, 22])('and what cannot run without node %i are left out', (id) => {
    expect(inputsOf(convert(canvasOf(muting(id), links)))).toEqual(inputsOf(textGraph()));
  });

  test('that all outputs need leave nothing, which is said', () => {
    const message = refusal(() => convert(canvasOf(muting(4), links)));
    expect(message).toContain('no node that saves or shows a result is left');
    expect(message).toContain('Export (API)');
  });

  test('behind an optional input are only not linked', () => {
    const control: CanvasNodeOf = {
      id: 20,
      type: 'ControlNetApplyAdvanced',
      inputs: [
        socket('positive', 'CONDITIONING', 20),
        socket('negative', 'CONDITIONING', 21),
        socket('control_net', 'CONTROL_NET', 22),
        socket('image', 'IMAGE', 23),
        socket('vae', 'VAE', 24),
      ],
      outputs: [output('CONDITIONING', 4), output('CONDITIONING', 6)],
      widgets_values: [0.8, 0, 1],
    };
    const more: CanvasNodeOf[] = [
      control,
      {
        id: 21,
        type: 'ControlNetLoader',
        widgets_values: ['a.safetensors'],
        outputs: [output('CONTROL_NET', 22)],
      },
      { id: 22, type: 'LoadImage', widgets_values: ['a.png', 'image'], outputs: [output('IMAGE', 23)] },
      {
        id: 23,
        type: 'VAELoader',
        mode: 2,
        widgets_values: ['ae.safetensors'],
        outputs: [output('VAE', 24)],
      },
    ];
    const controlled: CanvasLinkOf[] = [
      ...TEXT_LINKS.filter(([id]) => id !== 4 && id !== 6),
      [20, 6, 0, 20, 0, 'CONDITIONING'],
      [21, 7, 0, 20, 1, 'CONDITIONING'],
      [22, 21, 0, 20, 2, 'CONTROL_NET'],
      [23, 22, 0, 20, 3, 'IMAGE'],
      [24, 23, 0, 20, 4, 'VAE'],
      [4, 20, 0, 3, 1, 'CONDITIONING'],
      [6, 20, 1, 3, 2, 'CONDITIONING'],
    ];
    const graph = convert(canvasOf([...TEXT_NODES, ...more], controlled));
    expect(graph['20']?.inputs).toMatchObject({ strength: 0.8, positive: ['6', 0] });
    expect(graph['20']?.inputs).not.toHaveProperty('vae');
  });
});

describe('a subgraph', () => {
  const ENCODER = '8f3e6f2a-0000-4000-8000-000000000001';
  /** The text encoder with its loader around it: two inputs, one output. */
  const definition = (more: object = {}) => ({
    id: ENCODER,
    version: 1,
    name: 'Encoder',
    inputNode: { id: -10 },
    outputNode: { id: -20 },
    inputs: [
      { id: 'a', name: 'clip', type: 'CLIP', linkIds: [1] },
      { id: 'b', name: 'words', type: 'STRING', linkIds: [2] },
    ],
    outputs: [{ id: 'c', name: 'CONDITIONING', type: 'CONDITIONING', linkIds: [4] }],
    nodes: [
      {
        id: 1,
        type: 'CLIPTextEncode',
        mode: 0,
        inputs: [socket('clip', 'CLIP', 1), field('text', 'STRING', 2)],
        outputs: [output('CONDITIONING', 3)],
        widgets_values: ['the words within'],
      },
      {
        id: 2,
        type: 'FluxGuidance',
        mode: 0,
        inputs: [socket('conditioning', 'CONDITIONING', 3), field('guidance', 'FLOAT')],
        outputs: [output('CONDITIONING', 4)],
        widgets_values: [3.5],
      },
    ],
    links: linkObjects([
      [1, -10, 0, 1, 0, 'CLIP'],
      [2, -10, 1, 1, 1, 'STRING'],
      [3, 1, 0, 2, 0, 'CONDITIONING'],
      [4, 2, 0, -20, 0, 'CONDITIONING'],
    ]),
    ...more,
  });
  const host = (over: object) => ({
    type: ENCODER,
    inputs: [socket('clip', 'CLIP', 3), field('words', 'STRING')],
    widgets_values: [],
    ...over,
  });
  const using = (over: object, subgraph: object = definition()) =>
    canvasOf(changed(6, host(over)), TEXT_LINKS, { definitions: { subgraphs: [subgraph] } });

  test('is unfolded, with ids below that of its node', () => {
    const graph = convert(using({}));
    expect(graph['6']).toBeUndefined();
    expect(graph['6:1']?.inputs).toEqual({ clip: ['4', 1], text: 'the words within' });
    expect(graph['6:2']?.inputs).toEqual({ conditioning: ['6:1', 0], guidance: 3.5 });
    expect(graph['3']?.inputs.positive).toEqual(['6:2', 0]);
  });

  test.each([
    ['of older pages', { widgets_values: ['outside'] }],
    [
      'named as its own input',
      {
        widgets_values: [null, 'outside'],
        properties: {
          proxyWidgets: [
            ['2', 'guidance'],
            ['-1', 'words'],
          ],
        },
      },
    ],
    [
      'named as a field within',
      { widgets_values: ['outside'], properties: { proxyWidgets: [['1', 'text']] } },
    ],
  ])('takes the value of a field %s', (_, over) => {
    expect(convert(using(over))['6:1']?.inputs.text).toBe('outside');
  });

  test('takes a value for a field that has no input outside', () => {
    const over = { widgets_values: [5], properties: { proxyWidgets: [['2', 'guidance']] } };
    expect(convert(using(over))['6:2']?.inputs.guidance).toBe(5);
  });

  test('that is used twice has its nodes twice, each with its own values', () => {
    const nodes = TEXT_NODES.map((node) =>
      node.id === 6
        ? { ...node, ...host({ widgets_values: ['a'] }) }
        : node.id === 7
          ? {
              ...node,
              ...host({
                widgets_values: ['b'],
                inputs: [socket('clip', 'CLIP', 5), field('words', 'STRING')],
              }),
            }
          : node,
    );
    const graph = convert(canvasOf(nodes, TEXT_LINKS, { definitions: { subgraphs: [definition()] } }));
    expect([graph['6:1']?.inputs.text, graph['7:1']?.inputs.text]).toEqual(['a', 'b']);
  });

  test('within another', () => {
    const outer = {
      ...definition({
        id: 'outer',
        nodes: [{ id: 5, ...host({ inputs: [socket('clip', 'CLIP', 1), field('words', 'STRING', 2)] }) }],
      }),
      links: linkObjects([
        [1, -10, 0, 5, 0, 'CLIP'],
        [2, -10, 1, 5, 1, 'STRING'],
        [4, 5, 0, -20, 0, 'CONDITIONING'],
      ]),
    };
    const canvas = canvasOf(changed(6, host({ type: 'outer', widgets_values: ['deep'] })), TEXT_LINKS, {
      definitions: { subgraphs: [outer, definition()] },
    });
    const graph = convert(canvas);
    expect(graph['6:5:1']?.inputs).toEqual({ clip: ['4', 1], text: 'deep' });
    expect(graph['3']?.inputs.positive).toEqual(['6:5:2', 0]);
  });

  test('gives the value of the first field within to everything that its input is linked to', () => {
    const server = serverWithMore({
      Show: { input: { required: { source: ['*'] } }, output: [], output_node: true },
    });
    const { nodes, links, ...rest } = definition();
    const show = { id: 3, type: 'Show', mode: 0, inputs: [socket('source', '*', 5)] };
    const shown = {
      ...rest,
      nodes: [...nodes, show],
      links: [...links, ...linkObjects([[5, -10, 1, 3, 0, 'STRING']])],
    };
    expect(convert(using({}, shown), server)['6:3']?.inputs.source).toBe('the words within');
    expect(convert(using({ widgets_values: ['outside'] }, shown), server)['6:3']?.inputs.source).toBe(
      'outside',
    );
  });

  test('within itself is refused', () => {
    const loop = definition({ nodes: [{ id: 5, ...host({}) }] });
    expect(refusal(() => convert(using({}, loop)))).toContain('contain each other');
  });

  test('that doubles itself thirty times is refused in time', () => {
    const subgraphs = Array.from({ length: 30 }, (_, i) =>
      definition({
        id: `level ${i}`,
        nodes: [1, 2].map((id) => ({ id, ...host({ type: i === 0 ? ENCODER : `level ${i - 1}` }) })),
      }),
    );
    const canvas = canvasOf(changed(6, host({ type: 'level 29' })), TEXT_LINKS, {
      definitions: { subgraphs: [...subgraphs, definition()] },
    });
    expect(refusal(() => convert(canvas))).toContain('more than 5000 nodes');
  });

  test('that holds only others, many times over, is refused in time', () => {
    const subgraphs = Array.from({ length: 9 }, (_, i) =>
      definition({
        id: `level ${i}`,
        links: [],
        nodes: Array.from({ length: i === 0 ? 0 : 10 }, (_, id) => ({
          id,
          ...host({ type: `level ${i - 1}` }),
        })),
      }),
    );
    const canvas = canvasOf(changed(6, host({ type: 'level 8' })), TEXT_LINKS, {
      definitions: { subgraphs },
    });
    expect(refusal(() => convert(canvas))).toContain('more than 5000 nodes');
  });

  test('that is bypassed hands its input on, and one that is muted is left out', () => {
    const passing = { mode: 4, inputs: [socket('clip', 'CLIP', 3), socket('in', 'CONDITIONING', 20)] };
    const canvas = canvasOf(changed(6, host(passing)), [...TEXT_LINKS, [20, 7, 0, 6, 1, 'CONDITIONING']], {
      definitions: { subgraphs: [definition()] },
    });
    expect(convert(canvas)['3']?.inputs.positive).toEqual(['7', 0]);
    expect(refusal(() => convert(using({ mode: 2 })))).toContain('no node that saves');
  });
});

describe('a blueprint of ComfyUI', () => {
  const PASTE = '8f3e6f2a-0000-4000-8000-000000000002';
  const blueprint = (type: string, more: Record<string, unknown> = {}) =>
    canvasOf(
      [
        {
          id: 57,
          type: PASTE,
          inputs: [
            socket('destination', 'IMAGE'),
            socket('source', 'IMAGE,MASK'),
            socket('mask', 'MASK'),
            field('x', 'INT'),
          ],
          outputs: [output(type)],
          properties: { proxyWidgets: [['1', 'x']] },
          widgets_values: [],
        },
      ],
      [],
      {
        definitions: {
          subgraphs: [
            {
              id: PASTE,
              name: 'Paste',
              inputNode: { id: -10 },
              outputNode: { id: -20 },
              inputs: [
                { name: 'destination', type: 'IMAGE' },
                { name: 'source', type: 'IMAGE,MASK' },
                { name: 'mask', type: 'MASK' },
                { name: 'x', type: 'INT' },
              ],
              outputs: [{ name: 'out', type }],
              nodes: [
                {
                  id: 1,
                  type: 'ImageCompositeMasked',
                  inputs: [
                    socket('destination', 'IMAGE', 1),
                    socket('source', 'IMAGE', 2),
                    socket('mask', 'MASK', 3),
                    field('x', 'INT', 4),
                  ],
                  outputs: [output(type, 5)],
                  widgets_values: [7, 0, false],
                },
              ],
              links: linkObjects([
                [1, -10, 0, 1, 0, 'IMAGE'],
                [2, -10, 1, 1, 1, 'IMAGE'],
                [3, -10, 2, 1, 2, 'MASK'],
                [4, -10, 3, 1, 3, 'INT'],
                [5, 1, 0, -20, 0, type],
              ]),
            },
          ],
        },
        ...more,
      },
    );

  test('gets the nodes around it that give its pictures and save its result', () => {
    const graph = convert(blueprint('IMAGE'));
    expect(Object.values(graph).map(({ class_type }) => class_type)).toEqual([
      'LoadImage',
      'LoadImage',
      'LoadImageMask',
      'SaveImage',
      'ImageCompositeMasked',
    ]);
    expect(graph['57:1']?.inputs).toMatchObject({
      destination: ['57-in-0', 0],
      source: ['57-in-1', 0],
      mask: ['57-in-2', 0],
      x: 7,
    });
    expect(graph['57-out-0']?.inputs).toMatchObject({ images: ['57:1', 0], filename_prefix: 'ComfyUI' });
    expect(Object.keys(proposeMap(graph))).toEqual(['image', 'image_2', 'mask']);
  });

  test('without a result that Limner can show is refused with the cure', () => {
    const message = refusal(() => convert(blueprint('MESH')));
    expect(message).toContain('Add a Save Image node');
  });
});

describe('a group node', () => {
  /** The encoder of the prompt and a reroute, as they lie in `extra`; then the sampler and the decoder. */
  const GROUP = {
    nodes: [
      { type: 'Reroute', index: 0, inputs: [socket('', '*')], outputs: [output('CLIP')] },
      {
        type: 'CLIPTextEncode',
        index: 1,
        inputs: [socket('clip', 'CLIP'), field('text', 'STRING')],
        outputs: [output('CONDITIONING')],
        widgets_values: ['a'],
      },
      {
        type: 'KSampler',
        index: 2,
        inputs: SAMPLER_INPUTS.map((input) => ({ ...input, link: null })),
        outputs: [output('LATENT')],
        widgets_values: [1, 'fixed', 2, 3, 'euler', 'normal', 1],
      },
    ],
    links: [
      [null, 1, 0, 0, 4, 'CLIP'],
      [0, 0, 1, 0, 9, 'CLIP'],
      [null, 0, 2, 0, 4, 'MODEL'],
      [1, 0, 2, 1, 6, 'CONDITIONING'],
    ],
    external: [[2, 0, 'LATENT']],
    config: { 1: { input: { text: { name: 'words' } } } },
  };
  const host = (over: object = {}): CanvasNodeOf => ({
    id: 3,
    type: 'workflow>Painter',
    inputs: [
      socket('clip', 'CLIP', 3),
      socket('model', 'MODEL', 1),
      socket('negative', 'CONDITIONING', 6),
      socket('latent_image', 'LATENT', 2),
    ],
    outputs: [output('LATENT', 7)],
    widgets_values: ['scenery', 42, 'randomize', 20, 8, 'euler', 'normal', 1],
    ...over,
  });
  const links: CanvasLinkOf[] = [
    [1, 4, 0, 3, 1, 'MODEL'],
    [2, 5, 0, 3, 3, 'LATENT'],
    [3, 4, 1, 3, 0, 'CLIP'],
    [5, 4, 1, 7, 0, 'CLIP'],
    [6, 7, 0, 3, 2, 'CONDITIONING'],
    ...TEXT_LINKS.slice(6),
  ];
  const using = (over: object = {}, group: object = GROUP) =>
    canvasOf([...without(without(TEXT_NODES, 6), 3), host(over)], links, {
      extra: { groupNodes: { Painter: group } },
    });

  test.each(['workflow>Painter', 'workflow/Painter'])(
    '%s is unfolded, with the values of its one list',
    (type) => {
      const graph = convert(using({ type }));
      expect(graph['3:1']?.inputs).toEqual({ clip: ['4', 1], text: 'scenery' });
      expect(graph['3:2']?.inputs).toEqual({
        ...textGraph()['3']?.inputs,
        positive: ['3:1', 0],
      });
      expect(graph['8']?.inputs.samples).toEqual(['3:2', 0]);
    },
  );

  test.each([
    ['whose nodes are not in the file', {}, { nodes: 1 }],
    [
      'with more values than its nodes',
      { widgets_values: ['scenery', 42, 'fixed', 20, 8, 'euler', 'normal', 1, 5] },
      GROUP,
    ],
    ['with hidden inputs', {}, { ...GROUP, config: { 1: { input: { text: { visible: false } } } } }],
  ])('%s is named', (_, over, group) => {
    expect(refusal(() => convert(using(over, group)))).toContain(
      'node 3 (workflow>Painter): it is a group node',
    );
  });
});

describe('a choice that adds inputs', () => {
  const server = serverWithMore({
    Resize: {
      input: {
        required: {
          image: ['IMAGE'],
          how: [
            'COMFY_DYNAMICCOMBO_V3',
            {
              options: [
                { key: 'by factor', inputs: { required: { factor: ['FLOAT', { default: 2 }] } } },
                {
                  key: 'to size',
                  inputs: {
                    required: {
                      width: ['INT', {}],
                      height: ['INT', {}],
                      crop: ['COMBO', { options: ['center', 'no'] }],
                    },
                  },
                },
              ],
            },
          ],
          method: ['COMBO', { options: ['area', 'lanczos'] }],
        },
      },
      output: ['IMAGE'],
    },
    Join: {
      input: { required: { images: ['COMFY_AUTOGROW_V3', { template: {} }] } },
      output: ['IMAGE'],
    },
  });
  const canvas = (widgets_values: unknown[]) =>
    canvasOf(
      [
        ...changed(9, { inputs: [socket('images', 'IMAGE', 11)] }),
        {
          id: 20,
          type: 'Resize',
          inputs: [socket('image', 'IMAGE', 9), field('how', 'COMFY_DYNAMICCOMBO_V3')],
          outputs: [output('IMAGE', 10)],
          widgets_values,
        },
        {
          id: 21,
          type: 'Join',
          inputs: [socket('images.image0', 'IMAGE', 10), socket('images.image1', 'IMAGE')],
          outputs: [output('IMAGE', 11)],
        },
      ],
      [
        ...TEXT_LINKS.slice(0, -1),
        [9, 8, 0, 20, 0, 'IMAGE'],
        [10, 20, 0, 21, 0, 'IMAGE'],
        [11, 21, 0, 9, 0, 'IMAGE'],
      ],
    );

  test('has their values behind its own', () => {
    const graph = convert(canvas(['to size', 512, 256, 'no', 'lanczos']), server);
    expect(graph['20']?.inputs).toEqual({
      image: ['8', 0],
      how: 'to size',
      'how.width': 512,
      'how.height': 256,
      'how.crop': 'no',
      method: 'lanczos',
    });
    expect(graph['21']?.inputs).toEqual({ 'images.image0': ['20', 0] });
    expect(convert(canvas(['by factor', 4, 'area']), server)['20']?.inputs).toMatchObject({
      'how.factor': 4,
      method: 'area',
    });
  });
});

describe('what cannot be converted', () => {
  test('is named node by node', () => {
    const nodes = changed(6, { type: 'FancyEncode', title: 'My words' }).map((node) =>
      node.id === 3
        ? { ...node, widgets_values: ['much', 'randomize', 'many', 8, 'euler', 'normal', 1] }
        : node,
    );
    const links = TEXT_LINKS.filter(([id]) => id !== 8);
    const message = refusal(() => convert(canvasOf(nodes, links)));
    expect(message).toContain('node 6 (FancyEncode, "My words"): the server does not know this node.');
    expect(message).toContain('node 3 (KSampler): the values of "seed", "steps" do not fit');
    expect(message).toContain('node 8 (VAEDecode): nothing is linked to its input "vae".');
    expect(message).toContain('Export (API)');
  });

  test.each([
    ['ManualSigmas', {}, 'Update ComfyUI there to 0.7.0 or newer'],
    ['NewerStill', { properties: { cnr_id: 'comfy-core', ver: '0.41.0' } }, 'to 0.41.0 or newer'],
    ['OfPack', { properties: { cnr_id: 'some-pack', ver: '1.2.3' } }, 'Install its pack'],
  ])('says what cures a missing %s', (type, more, cure) => {
    expect(refusal(() => convert(canvasOf(changed(6, { type, ...more }), TEXT_LINKS)))).toContain(cure);
  });

  test('does not matter where no output needs it', () => {
    const lost: CanvasNodeOf = {
      id: 30,
      type: 'VAEDecode',
      inputs: [socket('samples', 'LATENT'), socket('vae', 'VAE')],
      outputs: [output('IMAGE')],
    };
    expect(inputsOf(convert(canvasOf([...TEXT_NODES, lost], TEXT_LINKS)))).toEqual(inputsOf(textGraph()));
  });

  test('is said of an input that the server does not have', () => {
    const renamed = changed(8, { inputs: [socket('latents', 'LATENT', 7), socket('vae', 'VAE', 8)] });
    expect(refusal(() => convert(canvasOf(renamed, TEXT_LINKS)))).toContain('has no input "latents"');
  });

  test('says in both languages that a server is needed', () => {
    const refuse = () => convertCanvas(canvasOf(TEXT_NODES, TEXT_LINKS), []);
    expect(refusal(refuse)).toContain('needs a connected ComfyUI server');
    expect(refusal(refuse)).toContain('Export (API)');
  });

  test('is what the best of several servers cannot', () => {
    const canvas = canvasOf(TEXT_NODES, TEXT_LINKS);
    expect(inputsOf(convertCanvas(canvas, [serverWithout('KSampler'), SERVER]))).toEqual(
      inputsOf(textGraph()),
    );
  });

  test.each([
    ['a node without a type', { nodes: [{ id: 1 }], links: [] }],
    ['links that are none', { nodes: [], links: [['a']] }],
    ['no nodes', { nodes: [], links: [] }],
    ['a subgraph without nodes', { nodes: [], links: [], definitions: { subgraphs: [{ id: 'x' }] } }],
  ])('%s is refused', (_, canvas) => expect(refusal(() => convert(canvas))).toContain('Export (API)'));

  test('a chain of 4,000 reroutes is followed or refused', () => {
    const chain: CanvasNodeOf[] = Array.from({ length: 4000 }, (_, i) => ({
      id: 1000 + i,
      type: 'Reroute',
      inputs: [socket('', '*', 1000 + i)],
      outputs: [output('VAE', 1001 + i)],
    }));
    const links: CanvasLinkOf[] = chain.map((_, i) => [
      1000 + i,
      i === 0 ? 4 : 999 + i,
      i === 0 ? 2 : 0,
      1000 + i,
      0,
      'VAE',
    ]);
    const nodes = [
      ...changed(8, { inputs: [socket('samples', 'LATENT', 7), socket('vae', 'VAE', 5000)] }),
      ...chain,
    ];
    const canvas = canvasOf(nodes, [
      ...TEXT_LINKS.filter(([id]) => id !== 8),
      ...links,
      [5000, 4999, 0, 8, 1, 'VAE'],
    ]);
    expect(convert(canvas)['8']?.inputs.vae).toEqual(['4', 2]);
  });
});

test('a group named like a member of every object is no group', () => {
  const nodes = changed(6, { type: 'workflow>constructor' });
  expect(refusal(() => convert(canvasOf(nodes, TEXT_LINKS, { extra: { groupNodes: {} } })))).toContain(
    'constructor',
  );
});

test('values nested too deep are refused', () => {
  let deep: unknown[] = [];
  for (let i = 0; i < 20_000; i++) deep = [deep];
  expect(
    refusal(() => convertCanvas(canvasOf(changed(6, { widgets_values: [deep] }), TEXT_LINKS), [SERVER])),
  ).toContain('workflow');
});
