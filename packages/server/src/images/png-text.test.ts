import sharp from 'sharp';
import { expect, it } from 'vitest';
import { textOf, withText } from './png-text.ts';

const png = await sharp({ create: { width: 3, height: 2, channels: 4, background: '#c83' } })
  .png()
  .toBuffer();

it('puts text into a PNG that every reader still reads, pixels unchanged', async () => {
  const tagged = withText(
    withText(png, 'parameters', 'a dragon\nSeed: 1'),
    'limner',
    '{"prompt":"红色的龙 \\"x\\""}',
  );
  expect(textOf(tagged, 'limner')).toBe('{"prompt":"红色的龙 \\"x\\""}');
  expect(textOf(tagged, 'parameters')).toBe('a dragon\nSeed: 1');
  const { comments } = await sharp(tagged).metadata();
  expect(comments?.[0]).toMatchObject({ keyword: expect.stringContaining('limner') });
  expect(await sharp(tagged).raw().toBuffer()).toEqual(await sharp(png).raw().toBuffer());
});

it('finds nothing where there is nothing', () => {
  expect(textOf(png, 'limner')).toBeNull();
  expect(textOf(withText(png, 'parameters', 'x'), 'limner')).toBeNull();
  expect(textOf(Buffer.from('not a picture at all'), 'limner')).toBeNull();
});

it('uses the plain chunk, which the simplest readers know, only for ASCII', () => {
  const types = (text: string) => withText(png, 'parameters', text).toString('latin1', 37, 41);
  expect(types('a dragon')).toBe('tEXt');
  expect(types('café')).toBe('iTXt');
  expect(textOf(withText(png, 'parameters', 'café'), 'parameters')).toBe('café');
});
