import { StudioError } from '@limner/contract';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { EngineOutput, FrameContext } from '../../engine.ts';
import { type Finish, finished } from './finish.ts';

const ctx = {} as FrameContext;
const outputOf = async (width: number, height: number): Promise<EngineOutput> => ({
  body: await sharp({ create: { width, height, channels: 4, background: '#33669980' } })
    .png()
    .toBuffer(),
  mediaType: 'image/png',
  provenance: {
    engine: 'comfy',
    family: 'remove-background',
    summary: { en: 'Cut out.', zh: '已抠图。' },
    details: { model: 'BiRefNet' },
  },
});
const failing = (error: Error): Finish => {
  return () => Promise.reject(error);
};
const unmixed: Finish = async () => ({
  png: Buffer.from('unmixed'),
  summary: { en: 'Unmixed.', zh: '已去除。' },
  details: { soft_pixels: 3 },
});

it('has the step, its sentence and its details', async () => {
  const [made] = await finished([await outputOf(8, 8)], 'unmix', unmixed, ctx);
  expect(made?.body).toEqual(Buffer.from('unmixed'));
  expect(made?.provenance.summary).toEqual({ en: 'Cut out. Unmixed.', zh: '已抠图。已去除。' });
  expect(made?.provenance.details).toEqual({ model: 'BiRefNet', soft_pixels: 3 });
});

it.each([
  ['too_large', [4001, 4000], unmixed, '16 megapixels'],
  ['out_of_memory', [8, 8], failing(new StudioError('out_of_memory')), 'not enough memory'],
  ['engine_died', [8, 8], failing(new StudioError('engine_died')), 'ended unexpectedly'],
] as const)('stays as it came and says so: %s', async (kept, [width, height], finish, words) => {
  const output = await outputOf(width, height);
  const [made] = await finished([output], 'unmix', finish, ctx);
  expect(made?.body).toEqual(output.body);
  expect(made?.provenance.summary.en).toContain(words);
  expect(made?.provenance.details).toEqual({ model: 'BiRefNet', kept });
});

it('fails for any other reason', async () => {
  const refused = finished([await outputOf(8, 8)], 'unmix', failing(new StudioError('shutting_down')), ctx);
  await expect(refused).rejects.toMatchObject({ code: 'shutting_down' });
});
