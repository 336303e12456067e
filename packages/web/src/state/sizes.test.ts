import { fitSize } from '@limner/contract';
import { expect, test } from 'vitest';
import { longSides, sizeOfRatio } from './sizes.ts';

const limits = { default: 1024, min: 256, max: 2048, step: 16 };

test('a ratio keeps its long side and lies on the grid', () => {
  expect(sizeOfRatio('16:9', 1024, limits)).toEqual({ width: 1024, height: 576 });
  expect(sizeOfRatio('3:4', null, limits)).toEqual({ width: 768, height: 1024 });
});

test('a ratio takes the size that the model was trained on, until a side is chosen', () => {
  const liked = [
    { width: 1152, height: 896 },
    { width: 896, height: 1152 },
    { width: 1344, height: 768 },
  ];
  const sdxl = { ...limits, step: 8, liked };
  expect(sizeOfRatio('16:9', null, sdxl)).toEqual({ width: 1344, height: 768 });
  expect(sizeOfRatio('4:3', null, sdxl)).toEqual({ width: 1152, height: 896 });
  expect(sizeOfRatio('3:4', null, sdxl)).toEqual({ width: 896, height: 1152 });
  expect(sizeOfRatio('1:1', null, sdxl)).toEqual({ width: 1024, height: 1024 });
  expect(sizeOfRatio('16:9', 1024, sdxl)).toEqual({ width: 1024, height: 576 });
});

test('a free size is brought within the limits', () => {
  expect(fitSize(limits, { width: 100, height: 5000 })).toEqual({ width: 256, height: 2048 });
  expect(fitSize(limits, { width: 1000, height: 1001 })).toEqual({ width: 1008, height: 1008 });
});

test('beyond the limits a free size keeps its aspect ratio', () => {
  const small = { default: 512, min: 64, max: 1024, step: 1 };
  expect(fitSize(small, { width: 832, height: 1216 })).toEqual({ width: 701, height: 1024 });
  expect(fitSize(small, { width: 2048, height: 1024 })).toEqual({ width: 1024, height: 512 });
  expect(fitSize(small, { width: 32, height: 48 })).toEqual({ width: 64, height: 96 });
});

test('long sides on offer are within the limits and include what the family suggests', () => {
  expect(longSides(limits)).toEqual([512, 768, 1024, 1280, 1536, 2048]);
  expect(longSides({ default: 500, min: 64, max: 600, step: 4 })).toEqual([256, 384, 500, 512]);
});

test('small long sides are offered where a family paints pixel art', () => {
  expect(longSides({ default: 512, min: 16, max: 1024, step: 1 })).toEqual([
    16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024,
  ]);
  expect(longSides({ default: 64, min: 16, max: 96, step: 16 })).toEqual([16, 32, 48, 64, 96]);
});
