import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { MODELS_DIR } from '../../embedded/job-testing.ts';
import { PaintModel } from '../../starter/paint/model.ts';
import { examplesOf } from './examples.ts';

const { signal } = new AbortController();
const picture = (alpha: number) =>
  sharp({ create: { width: 40, height: 20, channels: 4, background: { r: 200, g: 30, b: 30, alpha } } })
    .png()
    .toBuffer();

describe('the examples of a training', () => {
  it('are each picture and its mirror image, with a guide for both', async () => {
    const model = await PaintModel.open(MODELS_DIR);
    const given = [
      { bytes: await picture(1), caption: 'inky, a cat', subject: 'a cat' },
      { bytes: await picture(0.5), caption: 'inky', subject: '' },
    ];
    const examples = await examplesOf(given, model, signal);
    expect(examples).toHaveLength(4);
    for (const { latent, reference } of examples) {
      expect(latent).toHaveLength(1024);
      expect(reference).toHaveLength(1024);
    }
    // A cat of the library looks to one side.
    expect(examples[0]?.reference).not.toEqual(examples[1]?.reference);
  });

  it('are refused for a transparent picture, which the error names', async () => {
    const model = await PaintModel.open(MODELS_DIR);
    const given = [
      { bytes: await picture(1), caption: 'a', subject: '' },
      { bytes: await picture(0), caption: 'a', subject: '' },
    ];
    await expect(examplesOf(given, model, signal)).rejects.toMatchObject({
      code: 'training_blank',
      field: 'images.1',
      data: { number: 2 },
    });
  });
});
