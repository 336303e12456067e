import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Family, Params, type StudioError } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brokenRules } from '../fixtures/graph-rules.ts';
import { asking, PICTURES } from '../fixtures/requests.ts';
import { fullServer, serverWithMore, serverWithout } from '../fixtures/servers.ts';
import { textGraph } from '../fixtures/text-graph.ts';
import type { Graph } from '../graph.ts';
import { toJson } from '../link/json.ts';
import { workflowFamily } from './workflow-family.ts';
import {
  deleteWorkflow,
  exampleWorkflows,
  parseWorkflow,
  saveWorkflow,
  WorkflowFolder,
} from './workflow-folder.ts';
import { parameterKeys } from './workflow-form.ts';
import { readWorkflow } from './workflow-import.ts';

const withText = (text: string): Graph => textGraph({ prompt: text });

const refusal = (run: () => unknown): StudioError => {
  try {
    run();
  } catch (error) {
    return error as StudioError;
  }
  throw new Error('was not refused');
};

describe('an exported graph', () => {
  const workflow = readWorkflow(textGraph(), 'My Scenery');
  const family = workflowFamily(workflow, fullServer());

  test('is understood without a word from the user', () => {
    expect(workflow).toMatchObject({
      id: 'workflow-my-scenery',
      kind: 'generation',
      map: {
        prompt: [{ node: '6', input: 'text' }],
        negative_prompt: [{ node: '7', input: 'text' }],
        seed: [{ node: '3', input: 'seed' }],
        width: [{ node: '5', input: 'width' }],
        height: [{ node: '5', input: 'height' }],
        steps: [{ node: '3', input: 'steps' }],
        cfg: [{ node: '3', input: 'cfg' }],
        denoise: [{ node: '3', input: 'denoise' }],
        model: [{ node: '4', input: 'ckpt_name' }],
      },
    });
  });

  test('becomes a form with its own values as defaults', () => {
    expect(Family.parse(family.spec)).toEqual(family.spec);
    expect(family.spec).toMatchObject({ types: ['txt2img'], size: { default: 768 } });
    expect(family.spec.params.map(({ key, default: value }) => [key, value])).toEqual(
      expect.arrayContaining([
        ['steps', 20],
        ['cfg', 8],
        ['negative_prompt', 'watermark'],
        ['model', 'sd_xl_base_1.0.safetensors'],
      ]),
    );
  });

  test('is filled for each picture, and never changed itself', () => {
    const request = asking(workflow.id, { seed: 0, width: 1024, height: 576, params: { steps: 9 } });
    const { graph, outputNodes } = family.build(request, PICTURES, fullServer());
    expect(graph['6']?.inputs.text).toBe(request.prompt);
    expect(graph['7']?.inputs.text).toBe('blurry');
    expect(graph['3']?.inputs).toMatchObject({ seed: 0, steps: 9, cfg: 8 });
    expect(graph['5']?.inputs).toMatchObject({ width: 1024, height: 576 });
    expect(outputNodes).toEqual(['9']);
    expect(workflow.graph).toEqual(textGraph());
  });

  test('says what a server lacks for it', () => {
    expect(family.missing(fullServer())).toEqual([]);
    expect(family.missing(serverWithout('EmptyLatentImage')).map(({ name }) => name)).toEqual([
      'EmptyLatentImage',
    ]);
  });
});

describe('placeholders', () => {
  const prompt = 'a "quoted" \\ word\nand {{prompt}}, 红色';

  test('alone become the value with its type, within a text its characters', () => {
    const graph = withText('masterpiece, {{ prompt }}, best');
    graph['3'] = {
      class_type: 'KSampler',
      inputs: { ...graph['3']?.inputs, seed: '{{seed}}', steps: '{{steps}}' },
    };
    const family = workflowFamily(readWorkflow(graph, 'x'));
    const built = family.build(asking('x', { prompt, params: { steps: 5 } }), PICTURES, fullServer());
    expect(built.graph['6']?.inputs.text).toBe(`masterpiece, ${prompt}, best`);
    expect(built.graph['3']?.inputs).toMatchObject({ seed: 123456789, steps: 5 });
  });

  test("without a value fall back to the server's default", () => {
    const graph = textGraph();
    graph['3'] = { class_type: 'KSampler', inputs: { ...graph['3']?.inputs, steps: '{{steps}}' } };
    const { graph: built } = workflowFamily(readWorkflow(graph, 'x')).build(
      asking('x'),
      PICTURES,
      fullServer(),
    );
    expect(built['3']?.inputs.steps).toBe(20);
  });

  test("of the user's own become fields of the form, of the kind the node wants", () => {
    const graph = withText('{{prompt}} in the style of {{artist}}');
    graph['10'] = {
      class_type: 'ImageBlur',
      inputs: { image: ['8', 0], blur_radius: '{{softness}}', sigma: 1 },
    };
    graph['9'] = { class_type: 'SaveImage', inputs: { filename_prefix: 'x', images: ['10', 0] } };
    const family = workflowFamily(readWorkflow(graph, 'x'), fullServer());
    expect(family.spec.params).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: 'inputs.softness', type: 'integer', default: 1, min: 1, max: 31 }),
        expect.objectContaining({
          key: 'inputs.artist',
          type: 'text',
          label: { en: 'artist', zh: 'artist' },
        }),
      ]),
    );
    const request = asking('x', {
      prompt: 'a cat',
      params: { inputs: { softness: '3', artist: 'Hokusai' } },
    });
    const built = family.build(request, PICTURES, fullServer()).graph;
    expect(built['10']?.inputs.blur_radius).toBe(3);
    expect(built['6']?.inputs.text).toBe('a cat in the style of Hokusai');
  });

  test.each([
    ['3.5', 'must be a whole number from 1 to 31'],
    ['much', 'must be a whole number from 1 to 31'],
    [32, 'must be a whole number from 1 to 31'],
    ['-1', 'must be a whole number from 1 to 31'],
  ])('of a number refuse %j with the range of the node', (softness, sentence) => {
    const graph = withText('{{prompt}}');
    graph['10'] = {
      class_type: 'ImageBlur',
      inputs: { image: ['8', 0], blur_radius: '{{softness}}', sigma: 1 },
    };
    const family = workflowFamily(readWorkflow(graph, 'x'), fullServer());
    const asked = asking('x', { params: { inputs: { softness } } });
    const body = refusal(() => family.build(asked, PICTURES, fullServer())).body('en');
    expect(body).toMatchObject({ code: 'invalid_request', field: 'params.inputs.softness' });
    expect(body.message).toContain(sentence);
  });

  test('of a second seed take 64 bits as text, and no number that JSON has rounded', () => {
    const graph = textGraph();
    graph['20'] = { class_type: 'KSampler', inputs: { ...graph['3']?.inputs, seed: '{{second seed}}' } };
    const family = workflowFamily(readWorkflow(graph, 'x'), fullServer());
    const built = (value: string | number) =>
      family.build(asking('x', { params: { inputs: { 'second seed': value } } }), PICTURES, fullServer());
    expect(toJson(built('18446744073709551615').graph)).toContain('"seed":18446744073709551615');
    expect(built('７').graph['20']?.inputs.seed).toBe(7);
    for (const value of [2 ** 53, '18446744073709551616'])
      expect(refusal(() => built(value)).body('en').message).toContain(
        'must be a whole number from 0 to 18446744073709551615; above 9007199254740991 it is sent as text',
      );
  });

  test('nobody answers are asked for by name', () => {
    const family = workflowFamily(readWorkflow(withText('{{prompt}} by {{artist}}'), 'x'));
    const error = refusal(() => family.build(asking('x'), PICTURES, fullServer()));
    expect(error.body('en')).toMatchObject({ code: 'invalid_request', field: 'params.inputs.artist' });
    expect(error.body('zh').message).toContain('工作流需要“artist”');
  });
});

describe('the Kontext example', () => {
  const [workflow] = exampleWorkflows();
  if (!workflow) throw new Error('no example');
  const family = workflowFamily(workflow);
  const edit = (references: string[]) =>
    asking(workflow.id, { kind: 'edit', type: null, references, params: { guidance: 3, steps: 12 } });

  test('puts words, pictures, seed, steps and guidance where its map says', () => {
    const { graph } = family.build(edit(['hero', 'villain']), PICTURES, fullServer());
    expect(graph['6']?.inputs.text).toBe(edit([]).prompt);
    expect(graph['142']?.inputs.image).toBe('limner/hero.png');
    expect(graph['147']?.inputs.image).toBe('limner/villain.png');
    expect(graph['31']?.inputs).toMatchObject({ seed: 123456789, steps: 12 });
    expect(graph['35']?.inputs.guidance).toBe(3);
  });

  test('does without a second reference', () => {
    const { graph, outputNodes } = family.build(edit(['hero']), PICTURES, fullServer());
    expect(graph['147']).toBeUndefined();
    expect(graph['146']?.inputs.image2).toBeUndefined();
    expect(outputNodes).toEqual(['136']);
  });

  test('without any reference it is refused', () => {
    expect(refusal(() => family.build(edit([]), PICTURES, fullServer())).code).toBe('input_image_missing');
  });

  test('keeps the rules of the server, and is what the proposal would have found', () => {
    const server = fullServer();
    expect(family.missing(server)).toEqual([]);
    const rules = brokenRules(family.build(edit(['hero', 'villain']), PICTURES, server).graph, server);
    expect(rules.filter((rule) => !rule.includes('links forward'))).toEqual([]);
    const { map } = readWorkflow(workflow.graph, 'bare', server);
    for (const [key, targets] of Object.entries(workflow.map))
      expect([key, map[key]]).toEqual([key, targets]);
  });
});

describe('proposing', () => {
  test('fills both texts of a two-text encoder, through a ControlNet, and separates a mask from a picture', () => {
    const graph: Graph = {
      '1': { class_type: 'LoadImage', inputs: { image: 'a.png' } },
      '2': { class_type: 'LoadImageMask', inputs: { image: 'b.png', channel: 'red' } },
      '3': {
        class_type: 'CLIPTextEncodeFlux',
        inputs: { clip: ['9', 0], clip_l: 'x', t5xxl: 'x', guidance: 3.5 },
      },
      '4': { class_type: 'ConditioningZeroOut', inputs: { conditioning: ['3', 0] } },
      '5': {
        class_type: 'ControlNetApplyAdvanced',
        inputs: { positive: ['3', 0], negative: ['4', 0], image: ['1', 0] },
      },
      '6': { class_type: 'KSampler', inputs: { positive: ['5', 0], negative: ['5', 1], seed: 1 } },
      '9': { class_type: 'DualCLIPLoader', inputs: {} },
    };
    const { map } = readWorkflow(graph, 'x', fullServer());
    expect(map).toMatchObject({
      prompt: [
        { node: '3', input: 'clip_l' },
        { node: '3', input: 't5xxl' },
      ],
      image: [{ node: '1', input: 'image' }],
      mask: [{ node: '2', input: 'image' }],
      guidance: [{ node: '3', input: 'guidance' }],
    });
    expect(map.negative_prompt).toBeUndefined();
  });

  test('finds the words behind a guider and the seed of a noise node', () => {
    const graph: Graph = {
      '1': { class_type: 'CLIPTextEncode', inputs: { text: 'x', clip: ['2', 0] } },
      '2': { class_type: 'DualCLIPLoader', inputs: {} },
      '3': { class_type: 'FluxGuidance', inputs: { conditioning: ['1', 0], guidance: 3.5 } },
      '4': { class_type: 'BasicGuider', inputs: { model: ['2', 0], conditioning: ['3', 0] } },
      '5': { class_type: 'RandomNoise', inputs: { noise_seed: 7 } },
    };
    expect(readWorkflow(graph, 'x').map).toMatchObject({
      prompt: [{ node: '1', input: 'text' }],
      seed: [{ node: '5', input: 'noise_seed' }],
    });
  });
});

describe('what is no graph in API format is refused with the way out', () => {
  test("the page's own save says how to export", () => {
    const error = refusal(() => readWorkflow({ nodes: [], links: [], version: 0.4 }, 'x'));
    expect(error.body('en').message).toContain('Export (API)');
    expect(error.body('zh').message).toContain('导出（API）');
  });

  test.each([
    ['a list', [], 'no workflow of ComfyUI: must be an object'],
    ['nothing', {}, 'no nodes'],
    ['a node without a class', { '1': { inputs: {} } }, '1.class_type is required'],
    [
      'a file of Limner without inputs',
      { graph: { '1': { class_type: 'A' } } },
      'read: graph.1.inputs is required',
    ],
    [
      'a link to nowhere',
      { '1': { class_type: 'A', inputs: { x: ['2', 0] } } },
      'node 2, which is not in the file',
    ],
    [
      'a circle of links',
      {
        ...textGraph(),
        '98': { class_type: 'A', inputs: { x: ['99', 0] } },
        '99': { class_type: 'B', inputs: { x: ['98', 0] } },
      },
      'in a circle: 98 → 99 → 98',
    ],
    [
      'a map to nowhere',
      { graph: textGraph(), map: { prompt: { node: '77', input: 'text' } } },
      'node 77, which is not in the graph',
    ],
    [
      'a map to no input',
      { graph: textGraph(), map: { prompt: { node: '6', input: 'words' } } },
      'has no such input',
    ],
    [
      'a map to a link',
      { graph: textGraph(), map: { prompt: { node: '6', input: 'clip' } } },
      'gets it from a link',
    ],
    [
      'a map to a node called like a property of every object',
      { graph: textGraph(), map: { prompt: { node: 'constructor', input: 'name' } } },
      'is not in the graph',
    ],
    [
      'a map to an input called like one',
      { graph: textGraph(), map: { prompt: { node: '6', input: 'toString' } } },
      'has no such input',
    ],
    [
      'a link to a node called like one',
      { ...textGraph(), '99': { class_type: 'SaveImage', inputs: { images: ['toString', 0] } } },
      'which is not in the file',
    ],
  ])('%s', (_, json, sentence) => {
    expect(refusal(() => readWorkflow(json, 'x')).message).toContain(sentence);
  });

  test('any other JSON, with the reason in both languages', () => {
    const error = refusal(() => readWorkflow({ a: 1 }, 'x'));
    expect(error.body('en').message).toMatch(
      /: a must be an object\. In ComfyUI, save one with .*Export \(API\)/,
    );
    expect(error.body('zh').message).toMatch(/：a 必须是对象。.*导出（API）/);
  });

  test('broken JSON', () => {
    expect(refusal(() => parseWorkflow('{"1": ', 'x')).code).toBe('invalid_json');
  });
});

const readFolder = (path: string) => new WorkflowFolder(path).read();

describe('the folder of workflows', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limner-workflows-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('one bad file does not hide the good ones', async () => {
    await writeFile(join(folder, 'good.json'), `\uFEFF${JSON.stringify(textGraph())}`);
    await writeFile(join(folder, 'bad.json'), '{');
    const found = await readFolder(folder);
    expect(found.workflows.map(({ id }) => id)).toEqual(['workflow-good']);
    expect(found.refused).toMatchObject([{ file: 'bad.json', error: { code: 'invalid_json' } }]);
  });

  test('keeps what is saved, whole, and forgets what is deleted', async () => {
    const workflow = readWorkflow(textGraph(), '我的 工作流');
    await saveWorkflow(folder, workflow);
    expect(await readdir(folder)).toEqual(['我的-工作流.json']);
    expect((await readFolder(folder)).workflows).toEqual([workflow]);
    await deleteWorkflow(folder, workflow.id);
    expect((await readFolder(folder)).workflows).toEqual([]);
  });

  test('is read again after a file changed, was added or was removed', async () => {
    const held = new WorkflowFolder(folder);
    await writeFile(join(folder, 'a.json'), JSON.stringify(textGraph()));
    const first = await held.read();
    expect((await held.read()).workflows[0]).toBe(first.workflows[0]);
    await writeFile(
      join(folder, 'a.json'),
      JSON.stringify({ label: { en: 'Other', zh: '另' }, graph: textGraph() }),
    );
    await writeFile(join(folder, 'b.json'), '{');
    const second = await held.read();
    expect(second.workflows.map(({ label }) => label.en)).toEqual(['Other']);
    expect(second.refused.map(({ file }) => file)).toEqual(['b.json']);
    await rm(join(folder, 'a.json'));
    expect((await held.read()).workflows).toEqual([]);
  });

  test('that is not there yet is empty', async () => {
    expect(await readFolder(join(folder, 'none'))).toEqual({
      workflows: [],
      refused: [],
      sizeBytes: 0,
    });
  });

  test('a name cannot lead out of it', async () => {
    const workflow = readWorkflow(textGraph(), '../../etc/passwd');
    await saveWorkflow(folder, { ...workflow, id: 'workflow-../../x' });
    expect(await readdir(folder)).toEqual(['x.json']);
  });
});

test('keys called like properties of every object, and in any script, are keys', () => {
  const keys = ['constructor', 'hasOwnProperty', 'toString', '画师'];
  const map = Object.fromEntries(keys.map((key) => [key, { node: '6', input: 'text' }]));
  expect(Object.keys(readWorkflow({ graph: textGraph(), map }, 'x').map)).toEqual(keys);
  const graph = textGraph();
  Object.assign(graph['6']?.inputs ?? {}, { text: keys.map((key) => `{{${key}}}`).join(' ') });
  expect(parameterKeys(readWorkflow(graph, 'x'))).toEqual(expect.arrayContaining(keys));
});

test('a number field a newer node renamed is missed by name', () => {
  const newer = serverWithMore({
    SaveImage: {
      input: { required: { images: ['IMAGE'], prefix: ['STRING', {}] } },
      output: [],
      output_node: true,
    },
  });
  expect(
    workflowFamily(readWorkflow(textGraph(), 'x'))
      .missing(newer)
      .map(({ name }) => name),
  ).toEqual(['SaveImage.prefix']);
});

describe('a key that every object inherits', () => {
  const KEYS = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'];

  test.each(KEYS)('{{%s}} is a key like any other', (key) => {
    const workflow = readWorkflow(textGraph({ prompt: `{{prompt}} by {{${key}}}` }), 'x');
    const family = workflowFamily(workflow, fullServer());
    expect(family.spec.params.map((param) => param.key)).toContain(`inputs.${key}`);
    const request = asking(family.spec.id, { prompt: 'a dragon' });
    expect(refusal(() => family.build(request, PICTURES, fullServer())).body().field).toBe(
      `params.inputs.${key}`,
    );
    const inputs = JSON.parse(`{"${key}":"Mucha"}`);
    const { graph } = family.build(
      { ...request, params: { ...request.params, inputs } },
      PICTURES,
      fullServer(),
    );
    expect(graph['6']?.inputs.text).toBe('a dragon by Mucha');
  });

  test.each(KEYS)('%s may be named by a map and by a whole input', (key) => {
    const map = JSON.parse(`{"${key}":{"node":"6","input":"text"}}`);
    const spec = workflowFamily(readWorkflow({ graph: textGraph(), map }, 'x')).spec;
    expect(spec.params.map((param) => param.key)).toEqual([`inputs.${key}`]);
    expect(readWorkflow(textGraph({ prompt: `{{${key}}}` }), 'x').map[key]).toEqual([
      { node: '6', input: 'text' },
    ]);
  });
});

describe('text between double braces', () => {
  const KEYS = ['画师', 'कलाकार', 'می‌خواهم', 'café', '第2行', 'a-b_c', 'art style', 'k'.repeat(60)];

  test.each(KEYS)('{{%s}} is a key, and its value is filled in', (key) => {
    const family = workflowFamily(readWorkflow(withText(`{{prompt}} by {{ ${key} }}`), 'x'), fullServer());
    expect(Family.parse(family.spec).params.map((param) => param.key)).toContain(`inputs.${key}`);
    const inputs = { [key]: 'Mucha' };
    expect(Params.parse({ inputs })).toEqual({ inputs });
    const { graph } = family.build(
      asking('x', { prompt: 'a fox', params: { inputs } }),
      PICTURES,
      fullServer(),
    );
    expect(graph['6']?.inputs.text).toBe('a fox by Mucha');
  });

  const WRONG = ['😀', '', 'a.b', 'a  b', 'a, b', '__proto__', 'k'.repeat(61)];

  test.each(WRONG)('{{%s}} is no key: the import is refused, and says what is one', (text) => {
    const error = refusal(() => readWorkflow(withText(`{{prompt}}, {{${text}}}`), 'x'));
    expect(error.body('en').message).toContain(`node 6 (CLIPTextEncode) has {{${text}}} in text`);
    expect(error.body('en').message).toContain('A key is 1 to 60 letters or digits of any script');
    expect(error.body('zh').message).toContain(`{{${text}}} 不是占位符。键由 1 到 60 个字符组成`);
  });

  test.each(WRONG)('"%s" is no key of a map either', (key) => {
    const map = JSON.parse(`{${JSON.stringify(key)}:{"node":"6","input":"text"}}`);
    const error = refusal(() => readWorkflow({ graph: textGraph(), map }, 'x'));
    expect(error.body('en').message).toContain(`the map names "${key}", which is not a key.`);
  });

  test('in a list or an object is refused, because it would not be filled', () => {
    const graph = textGraph();
    const lora = { on: true, lora: '{{style file}}' };
    graph['10'] = { class_type: 'Power Lora Loader', inputs: { model: ['4', 0], lora_1: lora } };
    const error = refusal(() => readWorkflow(graph, 'x'));
    expect(error.body('en').message).toContain(
      'node 10 (Power Lora Loader) has the placeholder {{style file}} in a list or an object of lora_1.',
    );
  });

  test('with further braces inside is text of the prompt', () => {
    const text = '{{red|blue}|{green|gold}} fox, {{prompt}}';
    const family = workflowFamily(readWorkflow(withText(text), 'x'), fullServer());
    const { graph } = family.build(asking('x', { prompt: 'night' }), PICTURES, fullServer());
    expect(graph['6']?.inputs.text).toBe('{{red|blue}|{green|gold}} fox, night');
  });
});

test('a seed of 64 bits reaches the sampler whole', () => {
  const family = workflowFamily(readWorkflow(textGraph(), 'x'));
  const { graph } = family.build(
    { ...asking(family.spec.id), seed: '18446744073709551615' },
    PICTURES,
    fullServer(),
  );
  expect(family.spec.max_seed).toBe('18446744073709551615');
  expect(toJson(graph)).toContain('"seed":18446744073709551615,');
});
