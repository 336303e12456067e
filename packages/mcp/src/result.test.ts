import { StudioError } from '@limner/contract';
import { expect, it } from 'vitest';
import { Refusal, sentenceOf } from './result.ts';

const reason = { en: 'must be smaller', zh: '必须更小' };

it.each([
  ['controlnet.start', 'control.start'],
  ['input_image', 'image'],
  ['references.2', 'images.2'],
  ['batch_size', 'count'],
  ['params.denoise', 'strength'],
  ['animation.fps', 'fps'],
  ['width', 'width'],
])('a refusal of the field %s names the argument %s', (field, argument) => {
  const error = new StudioError('invalid_request', { field, data: { reason } });
  expect(sentenceOf(error, 'en')).toBe(`${argument}: must be smaller`);
  expect(sentenceOf(error, 'zh')).toBe(`${argument}：必须更小`);
});

it('a refusal names the tool that helps, never a route', () => {
  const family = new StudioError('family_not_found', { data: { family: 'none' } });
  expect(sentenceOf(family, 'en')).toContain('list_families');
  expect(sentenceOf(family, 'en')).not.toContain('/api');
  expect(sentenceOf(family, 'zh')).not.toContain('/api');
  const picture = new StudioError('image_not_found', { data: { ref: '9_0' } });
  expect(sentenceOf(picture, 'en')).toMatch(/9_0.*search_pictures/);
});

it('a failure that nobody foresaw says what to call', () => {
  expect(sentenceOf(new Error('fetch failed', { cause: new Error('refused') }), 'en')).toBe(
    'The call failed: fetch failed (refused). Call studio_status to see whether Limner runs.',
  );
  expect(sentenceOf(new Refusal('Say it so.'), 'zh')).toBe('Say it so.');
});
