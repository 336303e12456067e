import { expect, test } from 'vitest';
import { familyOf } from '../testing-tasks.ts';
import { a1111In } from './foreign/a1111.ts';
import { fromElsewhere } from './foreign/from-elsewhere.ts';
import { recipeIn } from './recipe-in-picture.ts';
import { textsOf } from './texts/picture-texts.ts';

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const uint32 = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >> shift) & 255);
/** The checksum is the writer's affair; a reader of text has no use for it. */
const chunk = (type: string, data: number[]): number[] => [
  ...uint32(data.length),
  ...utf8(type),
  ...data,
  0,
  0,
  0,
  0,
];
const png = (...chunks: number[][]): ArrayBuffer => {
  const signature = [137, 80, 78, 71, 13, 10, 26, 10];
  const parts = [chunk('IHDR', new Array(13).fill(0)), ...chunks, chunk('IEND', [])];
  return new Uint8Array([...signature, ...parts.flat()]).buffer;
};
const unicode = (keyword: string, text: string) =>
  chunk('iTXt', [...utf8(keyword), 0, 0, 0, 0, 0, ...utf8(text)]);
const plain = (keyword: string, text: string) => chunk('tEXt', utf8(`${keyword}\0${text}`));

const recipeOf = async (bytes: ArrayBuffer) => recipeIn(await textsOf(bytes));
const theirs = async (bytes: ArrayBuffer) => {
  const found = await recipeOf(bytes);
  return found && 'foreign' in found ? found.foreign : null;
};

test('our own recipe is found as it is written', async () => {
  for (const held of [
    { limner: 1, prompt: '红色的龙' },
    { limner: 2, recipe: { prompt: '红色的龙' } },
  ]) {
    const text = JSON.stringify(held);
    expect(await recipeOf(png(unicode('limner', text)))).toEqual({ text });
  }
  // Nobody asked for a cut-out in words.
  expect(await recipeOf(png(unicode('limner', '{"limner":2,"recipe":{"prompt":""}}')))).toBeNull();
});

const SETTINGS =
  'Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 156680208700286, Size: 833x6000, Model hash: ab, Model: someCheckpoint, Clip skip: 2, Lora hashes: "inkStyle: 1a2b3c, other: 4d5e", Version: v1.10.1';
const A1111 = `a castle,\non a hill, <lora:inkStyle:0.7>\nNegative prompt: blurry, text\n${SETTINGS}`;

test('what A1111 writes is read, with either end of line', async () => {
  for (const text of [A1111, A1111.replaceAll('\n', '\r\n')]) {
    const found = await theirs(png(plain('parameters', text)));
    expect(found).toMatchObject({
      prompt: 'a castle,\non a hill',
      negative: 'blurry, text',
      loras: [{ name: 'inkStyle', weight: 0.7 }],
    });
    expect(found?.settings.get('Lora hashes')).toBe('inkStyle: 1a2b3c, other: 4d5e');
  }
});

test('UTF-8 is read right where a writer put it into Latin-1 text, and Latin-1 too', async () => {
  expect((await theirs(png(plain('parameters', '城堡，夜晚'))))?.prompt).toBe('城堡，夜晚');
  const latin = chunk('tEXt', [...utf8('parameters'), 0, ...[...'café'].map((c) => c.charCodeAt(0))]);
  expect((await theirs(png(latin)))?.prompt).toBe('café');
});

test("A1111's names become those of the families here; what has no counterpart is named", async () => {
  const checkpoint = familyOf({
    id: 'sdxl',
    params: [
      {
        key: 'model',
        type: 'choice',
        default: null,
        choices: [{ value: 'xl/someCheckpoint.safetensors', label: { en: '', zh: '' } }],
        effect: true,
      },
    ],
  });
  const foreign = a1111In(A1111);
  if (!foreign) throw new Error('not read');
  const { recipe, lost } = fromElsewhere(foreign, [checkpoint]);
  expect(recipe).toMatchObject({
    family: 'sdxl',
    seed: 156680208700286,
    width: 833,
    height: 6000,
    params: {
      steps: 28,
      cfg: 6.5,
      sampler: 'dpmpp_2m',
      scheduler: 'karras',
      model: 'xl/someCheckpoint.safetensors',
    },
  });
  expect(lost).toEqual([{ field: 'params', what: 'foreign', name: 'Clip skip', value: '2' }]);
  expect(fromElsewhere(foreign, []).lost).toContainEqual({
    field: 'family',
    what: 'family',
    name: 'someCheckpoint',
  });
});

test("Limner's own line names a family, and the words that its words were drawn from", async () => {
  const text = 'a red cat\nSteps: 4, Seed: 5, Model: Starter (built in), Template: "a {red|blue} cat"';
  const found = await theirs(png(plain('parameters', text)));
  const starter = familyOf({ id: 'starter', label: { en: 'Starter (built in)', zh: '入门引擎（内置）' } });
  expect(found && fromElsewhere(found, [starter])).toMatchObject({
    recipe: { family: 'starter', prompt: 'a red cat', seed: 5 },
    lost: [],
  });
});

test('a picture without a recipe and something else have none', async () => {
  expect(await recipeOf(png(plain('Comment', 'made with care')))).toBeNull();
  expect(await recipeOf(new Uint8Array([255, 216, 255, 0]).buffer)).toBeNull();
  expect(await recipeOf(png(plain('parameters', 'x')).slice(0, 50))).toBeNull();
});

test.each(['limner', 'parameters', 'prompt', 'invokeai_metadata', 'sd-metadata', 'Comment'])(
  'JSON under %s that was cut is told, unless another text can be used',
  async (keyword) => {
    const cut = unicode(keyword, '{"prompt":"a cas');
    expect(await recipeOf(png(cut))).toEqual({ unusable: 'damaged' });
    const other = keyword === 'parameters' ? chunk('IDAT', []) : plain('parameters', A1111);
    const found = await recipeOf(png(cut, other));
    expect(found).toHaveProperty(keyword === 'parameters' ? 'unusable' : 'foreign');
    if (keyword === 'limner' && found && 'foreign' in found)
      expect(fromElsewhere(found.foreign, []).lost[0]).toEqual({ field: 'prompt', what: 'damaged' });
  },
);

const GRAPH = {
  '3': {
    class_type: 'KSampler',
    inputs: {
      seed: 'SEED',
      steps: 20,
      cfg: 8,
      sampler_name: 'dpmpp_2m',
      scheduler: 'sgm_uniform',
      positive: ['10', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    },
  },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_base_1.0.safetensors' } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 768, batch_size: 1 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: '红色的龙', clip: ['4', 1] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['3', 0] }, is_changed: ['NOT A NUMBER'] },
  '10': { class_type: 'FluxGuidance', inputs: { conditioning: ['6', 0], guidance: 3.5 } },
  '11': { class_type: 'LoraLoader', inputs: { lora_name: 'ink.safetensors', strength_model: 0.7 } },
};

test('the graph in a picture of ComfyUI is read, with the seed to its last digit', async () => {
  const text = JSON.stringify(GRAPH)
    .replace('"SEED"', '18446744073709551615')
    .replace('"NOT A NUMBER"', 'NaN');
  const found = await theirs(png(plain('prompt', text), plain('workflow', '{"nodes":[]}')));
  expect(found).toMatchObject({
    prompt: '红色的龙',
    negative: 'blurry',
    loras: [{ name: 'ink.safetensors', weight: 0.7 }],
  });
  expect(found && fromElsewhere(found, []).recipe).toMatchObject({
    seed: '18446744073709551615',
    width: 512,
    height: 768,
    params: { steps: 20, cfg: 8, sampler: 'dpmpp_2m', scheduler: 'sgm_uniform' },
  });
  for (const other of ['no graph', '{"3":null}', '{"1":{"class_type":"LoadImage","inputs":{}}}'])
    expect(await recipeOf(png(plain('prompt', other)))).toBeNull();
});
