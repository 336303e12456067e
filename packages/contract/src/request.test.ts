import { expect, test } from 'vitest';
import { GenerateRequest } from './request.ts';

const refusedAt = (controlnet: unknown) =>
  GenerateRequest.safeParse({ prompt: 'owl', controlnet }).error?.issues.map(({ path }) => path.join('.'));

test.each([
  { enabled: false },
  { enabled: false, type: 'canny', image: '' },
  { enabled: false, image: null },
])('a ControlNet that is switched off needs nothing: %j', (controlnet) => {
  expect(GenerateRequest.parse({ prompt: 'owl', controlnet }).controlnet).toBeNull();
});

test('one that is switched on needs its type and its picture', () => {
  expect(refusedAt({ enabled: true, type: 'canny', image: '' })).toEqual(['controlnet.image']);
  expect(refusedAt({ image: 'u1' })).toEqual(['controlnet.type']);
});
