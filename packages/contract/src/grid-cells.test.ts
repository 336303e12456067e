import { describe, expect, it } from 'vitest';
import type { Family } from './family.ts';
import {
  cellRecipe,
  checkedValues,
  type FilledAxes,
  gridCount,
  gridPlaces,
  refuseSameFields,
  typedValues,
} from './grid-cells.ts';
import { type GridField, gridFields } from './grid-fields.ts';
import { emptyRecipe, type Recipe } from './recipe.ts';

const family: Family = {
  id: 'sdxl',
  kind: 'generation',
  label: { en: 'SDXL', zh: 'SDXL' },
  description: { en: '', zh: '' },
  experimental: false,
  types: ['txt2img'],
  controls: ['canny'],
  size: { default: 1024, min: 256, max: 2048, step: 8 },
  references: 0,
  loras: true,
  params: [
    { key: 'steps', type: 'integer', default: 20, min: 1, max: 60, effect: true },
    { key: 'cfg', type: 'number', default: 7, min: 1, max: 20, effect: true },
    {
      key: 'sampler',
      type: 'choice',
      default: 'euler',
      choices: ['euler', 'euler_ancestral', 'dpmpp_2m'].map((value) => ({
        value,
        label: { en: value, zh: value },
      })),
      effect: true,
    },
    { key: 'negative_prompt', type: 'text', default: null, effect: true },
    { key: 'guidance', type: 'number', default: 3, effect: false },
    { key: 'inputs.glow', type: 'integer', default: 1, label: { en: 'Glow', zh: '辉光' }, effect: true },
    { key: 'strength', type: 'number', default: 1, effect: true },
  ],
};
const choices = {
  families: [family, { ...family, id: 'cut', kind: 'remove_bg' as const }],
  styles: ['Ink', '水墨'],
};
const recipe: Recipe = {
  ...emptyRecipe('generation'),
  prompt: 'a red dragon, a red moon',
  negative_prompt: 'blurry red',
  seed: 7,
  loras: [{ name: 'ink.safetensors', weight: 1 }],
};
const fields = gridFields(recipe, family, choices);
const named = (name: string) => fields.find(({ field }) => field === name) as GridField;
const valuesOf = (field: string, typed: string | (string | number)[]) =>
  checkedValues(named(field), typedValues(named(field), typed));
const reason = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { data: { reason: unknown } }).data.reason;
  }
};

it('offers every parameter of the family that has an effect, and the parts of the recipe', () => {
  expect(fields.map(({ field }) => field)).toEqual([
    'prompt',
    'prompt_replace',
    'negative_prompt',
    'seed',
    'steps',
    'cfg',
    'sampler',
    'inputs.glow',
    'size',
    'width',
    'height',
    'loras.0.weight',
    'style',
    'style.strength',
    'style.step',
    'family',
  ]);
  expect(named('family').choices?.map(({ value }) => value)).toEqual(['sdxl']);
  const controlnet = { enabled: true, type: 'canny' as const, image: 'u1', strength: 1, start: 0, end: 1 };
  const controlled = gridFields({ ...recipe, controlnet }, family, choices);
  expect(controlled.map(({ field }) => field)).toEqual(expect.arrayContaining(['strength', 'start', 'end']));
});

describe('values', () => {
  it.each<[string, string | (string | number)[], (string | number)[]]>([
    ['steps', '20-40 (+10)', [20, 30, 40]],
    ['steps', [10, '20-22'], [10, 20, 21, 22]],
    ['cfg', '1-2 (+0.5)', [1, 1.5, 2]],
    ['sampler', 'Euler a, DPM++ 2M, EULER', ['euler_ancestral', 'dpmpp_2m', 'euler']],
    ['size', '512x768, 1024×512, 640', ['512x768', '1024x512', '640x640']],
    ['seed', '1-3', [1, 2, 3]],
    ['prompt', 'a cat, red\n\na dog', ['a cat, red', 'a dog']],
    ['prompt_replace', 'red, "dark, blue"', ['red', 'dark, blue']],
    ['style', 'ink,水墨', ['Ink', '水墨']],
    ['loras.0.weight', '-1, 0.5', [-1, 0.5]],
    ['inputs.glow', '1-3', [1, 2, 3]],
  ])('of %s are read from %j', (field, typed, values) => {
    expect(valuesOf(field, typed)).toEqual(values);
  });

  it.each<[string, string | (string | number)[], string, string]>([
    ['steps', '20, 61', '61 is outside the range of Steps, 1 to 60.', '61 超出步数的范围 1 至 60。'],
    ['steps', '2.5', '2.5 is not a whole number.', '2.5 不是整数。'],
    ['steps', ' , ', 'it has no values.', '没有取值。'],
    ['steps', '20, 30, 20', '"20" is there twice.', '「20」重复。'],
    ['sampler', 'euler, Euler', '"euler" is there twice.', '「euler」重复。'],
    [
      'sampler',
      'heun',
      '"heun" is not a value of Sampler. There are: euler, euler_ancestral, dpmpp_2m.',
      '采样器没有「heun」，可用：euler, euler_ancestral, dpmpp_2m。',
    ],
    ['size', '512x', '"512x" is not a size such as 512x768.', '「512x」不是 512x768 这样的尺寸。'],
    [
      'size',
      '512x4096',
      '4096 is outside the range of Size, 256 to 2048.',
      '4096 超出尺寸的范围 256 至 2048。',
    ],
    [
      'seed',
      '4294967296',
      '4294967296 is outside the range of Seed, 0 to 4294967295.',
      '4294967296 超出种子的范围 0 至 4294967295。',
    ],
    [
      'seed',
      '-1',
      '-1 is outside the range of Seed, 0 to 4294967295.',
      '-1 超出种子的范围 0 至 4294967295。',
    ],
    [
      'loras.0.weight',
      '5',
      '5 is outside the range of Weight of ink.safetensors, -4 to 4.',
      '5 超出ink.safetensors 权重的范围 -4 至 4。',
    ],
  ])('of %s refuse %j', (field, typed, en, zh) => {
    expect(reason(() => valuesOf(field, typed))).toEqual({ en, zh });
  });

  it('of seeds beyond JSON numbers stay exact', () => {
    const big = { ...named('seed'), max: '18446744073709551615' };
    expect(checkedValues(big, typedValues(big, '18446744073709551615'))).toEqual(['18446744073709551615']);
  });
});

describe('cells', () => {
  const axes: FilledAxes = {
    x: { field: 'steps', values: [10, 20] },
    y: { field: 'prompt_replace', values: ['red', 'blue'] },
    z: { field: 'prompt', values: ['a red cat', 'a red dog', 'a red owl'] },
  };

  it('follow x, then y, then z', () => {
    expect(gridPlaces(axes).slice(0, 5)).toEqual([
      { x: 0, y: 0, z: 0 },
      { x: 1, y: 0, z: 0 },
      { x: 0, y: 1, z: 0 },
      { x: 1, y: 1, z: 0 },
      { x: 0, y: 0, z: 1 },
    ]);
    expect(gridPlaces(axes)).toHaveLength(12);
  });

  it('replace words in the prompt that another axis gives, and in the negative one', () => {
    expect(cellRecipe(recipe, axes, { x: 1, y: 1, z: 2 })).toEqual({
      ...recipe,
      prompt: 'a blue owl',
      negative_prompt: 'blurry blue',
      params: { steps: 20 },
    });
  });

  it.each<[string, string | number, Partial<Recipe>]>([
    ['size', '512x768', { width: 512, height: 768 }],
    ['width', 512, { width: 512 }],
    ['seed', '18446744073709551615', { seed: '18446744073709551615' }],
    ['family', 'sdxl', { family: 'sdxl' }],
    ['loras.0.weight', 0.5, { loras: [{ name: 'ink.safetensors', weight: 0.5 }] }],
    ['inputs.glow', 3, { params: { inputs: { glow: 3 } } }],
    ['sampler', 'euler', { params: { sampler: 'euler' } }],
    ['style', 'Ink', { style: { id: null, name: 'Ink', trigger_words: '', lora_path: null, family: null } }],
  ])('of %s have the value %j', (field, value, change) => {
    expect(cellRecipe(recipe, { x: { field, values: [value] } }, { x: 0, y: 0, z: 0 })).toEqual({
      ...recipe,
      ...change,
    });
  });

  it('have a strength of the style of their own axis', () => {
    const axes: FilledAxes = {
      x: { field: 'style.strength', values: [0, 0.8] },
      y: { field: 'style', values: ['Ink', 'Oil'] },
    };
    const styleAt = (x: number, y: number) => cellRecipe(recipe, axes, { x, y, z: 0 }).style;
    expect(styleAt(0, 1)).toMatchObject({ name: 'Oil', strength: 0 });
    expect(styleAt(1, 0)).toMatchObject({ name: 'Ink', strength: 0.8 });
  });

  it('are refused where the searched words are missing', () => {
    const missing: FilledAxes = { y: { field: 'prompt_replace', values: ['green', 'blue'] } };
    expect(() => cellRecipe(recipe, missing, { x: 0, y: 0, z: 0 })).toThrow(
      'Axis y: "green" is not in the prompt "a red dragon, a red moon".',
    );
  });

  it('are at most 500', () => {
    const values = Array.from({ length: 100 }, (_, index) => index);
    expect(() => gridCount({ x: { values }, y: { values } })).toThrow(
      'This grid would have 10000 cells. The limit is 500.',
    );
  });

  it.each<[FilledAxes, string | null]>([
    [
      { x: { field: 'steps', values: [1] }, y: { field: 'steps', values: [2] } },
      'Axis y: it has the field of axis x.',
    ],
    [
      { x: { field: 'size', values: ['1x1'] }, z: { field: 'width', values: [2] } },
      'Axis z: it has the field of axis x.',
    ],
    [
      {
        x: { field: 'prompt_replace', values: ['a', 'b'] },
        y: { field: 'prompt_replace', values: ['c', 'd'] },
      },
      null,
    ],
    [
      {
        x: { field: 'prompt_replace', values: ['a', 'b'] },
        y: { field: 'prompt_replace', values: ['a', 'd'] },
      },
      'Axis y: it has the field of axis x.',
    ],
  ])('have each field on one axis: %j', (axes, sentence) => {
    if (sentence === null) expect(() => refuseSameFields(axes)).not.toThrow();
    else expect(() => refuseSameFields(axes)).toThrow(sentence);
  });
});
