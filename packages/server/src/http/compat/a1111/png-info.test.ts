import { INFOTEXT_KEYWORD, PICTURE_TEXT_KEYWORD, pictureText, Recipe } from '@limner/contract';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { withText } from '../../../images/png-text.ts';
import { pngInfo } from './png-info.ts';

const picture = sharp({ create: { width: 20, height: 30, channels: 3, background: 'red' } });
const png = await picture.clone().png().toBuffer();
const jpeg = await picture.clone().jpeg().toBuffer();

function withTexts(texts: Record<string, string>): Buffer {
  let bytes: Buffer = png;
  for (const [keyword, text] of Object.entries(texts)) bytes = withText(bytes, keyword, text);
  return bytes;
}

describe('png-info', () => {
  it('gives the text and its parts, a size in two', async () => {
    const text =
      'a castle\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, Seed: 5, Size: 512x768, Model: "a, b"';
    expect(await pngInfo(withText(png, INFOTEXT_KEYWORD, text))).toEqual({
      info: text,
      items: { parameters: text },
      parameters: {
        Prompt: 'a castle',
        'Negative prompt': 'fog',
        Steps: '20',
        Sampler: 'Euler a',
        Seed: '5',
        'Size-1': '512',
        'Size-2': '768',
        Model: 'a, b',
      },
    });
  });

  it.each(['jpeg', 'webp'] as const)('reads the comment in the EXIF data of a %s', async (format) => {
    const text = 'a castle\nSteps: 20, Sampler: Euler a, Seed: 5';
    const exif = { IFD0: { ImageDescription: 'x' }, IFD2: { UserComment: text } };
    const bytes = await picture.clone().toFormat(format).withExif(exif).toBuffer();
    expect(await pngInfo(bytes)).toMatchObject({ info: text, parameters: { Prompt: 'a castle', Seed: '5' } });
  });

  it('writes the text of a picture that has only a recipe of Limner', async () => {
    const recipe = Recipe.parse({
      kind: 'generation',
      type: 'txt2img',
      family: 'starter',
      prompt: 'a key',
      seed: 7,
    });
    const provenance = { engine: 'starter', family: 'starter', summary: { en: '', zh: '' }, details: {} };
    const held = pictureText({ ...recipe, family: 'starter', seed: 7 }, provenance);
    expect((await pngInfo(withText(png, PICTURE_TEXT_KEYWORD, held))).parameters).toMatchObject({
      Prompt: 'a key',
      Seed: '7',
      'Size-1': '20',
      'Size-2': '30',
    });
  });

  it('writes what NovelAI says as A1111 does, and keeps its texts', async () => {
    const Comment = JSON.stringify({
      prompt: '{a key}',
      uc: 'fog',
      steps: 28,
      sampler: 'k_euler',
      scale: 5,
      seed: 9,
    });
    const texts = { Software: 'NovelAI', Description: '{a key}', Comment };
    const made = withTexts(texts);
    const info =
      '{a key}\nNegative prompt: fog\nSteps: 28, Sampler: Euler, CFG scale: 5, Seed: 9, Size: 20x30, Clip skip: 2, ENSD: 31337';
    expect(await pngInfo(made)).toMatchObject({
      info,
      items: texts,
      parameters: { Prompt: '{a key}', Seed: '9' },
    });
    const damaged = withText(withText(png, 'Software', 'NovelAI'), 'Comment', Comment.slice(0, 20));
    expect(await pngInfo(damaged)).toMatchObject({ info: '', items: { Software: 'NovelAI' } });
  });

  it('gives the graph and the canvas of ComfyUI as they are', async () => {
    const texts = { prompt: '{"3":{"class_type":"KSampler","inputs":{}}}', workflow: '{"nodes":[]}' };
    const made = withTexts(texts);
    expect(await pngInfo(made)).toEqual({ info: '', items: texts, parameters: {} });
  });

  it('says nothing of a damaged recipe', async () => {
    const damaged = withText(png, PICTURE_TEXT_KEYWORD, '{"limner":2,"recipe":5}');
    expect(await pngInfo(damaged)).toMatchObject({ info: '', parameters: {} });
  });

  it.each([
    ['a PNG without text', png],
    ['the head of a PNG', png.subarray(0, 12)],
    ['another picture', jpeg],
    ['nothing', Buffer.alloc(0)],
  ])('%s has none', async (_, bytes) => {
    expect(await pngInfo(bytes)).toEqual({ info: '', items: {}, parameters: {} });
  });
});
