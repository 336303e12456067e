import { expect, test } from 'vitest';
import { recipeIn } from './png-recipe.ts';

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

test('our own recipe is read with its seed, size and parameters', () => {
  const recipe = {
    limner: 1,
    prompt: '红色的龙',
    family: 'starter',
    seed: 0,
    width: 512,
    height: 256,
    params: { steps: 8 },
    style: '余烬',
  };
  expect(recipeIn(png(unicode('limner', JSON.stringify(recipe))))).toEqual({
    prompt: '红色的龙',
    negative: '',
    family: 'starter',
    seed: 0,
    width: 512,
    height: 256,
    params: { steps: 8 },
    style: '余烬',
  });
});

test('the parameters that A1111 writes are read', () => {
  const text =
    'a castle,\non a hill\nNegative prompt: blurry, text\nSteps: 20, Sampler: Euler a, CFG scale: 7.5, Seed: 42, Size: 640x384, Model: dream';
  expect(recipeIn(png(plain('parameters', text)))).toEqual({
    prompt: 'a castle,\non a hill',
    negative: 'blurry, text',
    family: null,
    seed: 42,
    width: 640,
    height: 384,
    params: { steps: 20, sampler: 'Euler a', cfg: 7.5 },
    style: null,
  });
});

test('a picture without a recipe, a broken recipe and something else have none', () => {
  expect(recipeIn(png(plain('Comment', 'made with care')))).toBeNull();
  expect(recipeIn(png(unicode('limner', '{"prompt":')))).toBeNull();
  expect(recipeIn(new Uint8Array([255, 216, 255, 0]).buffer)).toBeNull();
  expect(recipeIn(png(plain('parameters', 'x')).slice(0, 50))).toBeNull();
});
