import { type FrameRecipe, infotextOf, type Recipe } from '@limner/contract';
import { anyRecipe, anySeed } from '@limner/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { a1111In } from './a1111.ts';
import { WILD_TEXTS } from './fixtures/infotexts.ts';
import { fromElsewhere } from './from-elsewhere.ts';

describe('a text of the wild', () => {
  test.each(WILD_TEXTS.map((wild) => [wild.from, wild] as const))('%s', (_, wild) => {
    const found = a1111In(wild.text);
    expect(found).toMatchObject({
      prompt: wild.prompt,
      negative: wild.negative ?? '',
      loras: wild.loras ?? [],
    });
    if (wild.settings && Object.keys(wild.settings).length === 0) expect(found?.settings.size).toBe(0);
    expect(Object.fromEntries(found?.settings ?? [])).toMatchObject(wild.settings ?? {});
    if ('madeOf' in wild) expect(found?.madeOf).toBe(wild.madeOf);
  });

  test('there are twenty', () => expect(WILD_TEXTS).toHaveLength(20));
});

const recipeOf = (from: string) => {
  const wild = WILD_TEXTS.find((each) => each.from === from);
  const foreign = a1111In(wild?.text ?? '');
  if (!foreign) throw new Error(`not read: ${from}`);
  return fromElsewhere(foreign, []);
};

test("Forge's distilled scale is the guidance, and its modules are told as lost", () => {
  const { recipe, lost } = recipeOf('Forge with Flux');
  expect(recipe.params).toMatchObject({
    steps: 20,
    cfg: 1,
    guidance: 3.5,
    sampler: 'euler',
    scheduler: 'simple',
  });
  expect(recipe).toMatchObject({ type: 'txt2img', width: 896, height: 1152, seed: 42 });
  expect(lost).toContainEqual({ field: 'params', what: 'foreign', name: 'Module 1', value: 'ae' });
  expect(recipeOf('Forge with Diffusion in Low Bits').recipe.params.guidance).toBe(3.5);
});

test('of image to image and inpainting the missing pictures are told', () => {
  expect(recipeOf('A1111, image to image')).toMatchObject({
    recipe: { type: 'img2img', params: { denoise: 0.55 } },
    lost: [{ field: 'input_image', what: 'pictureElsewhere' }],
  });
  expect(recipeOf('A1111, inpainting')).toMatchObject({ recipe: { type: 'inpaint' } });
  expect(recipeOf('A1111 with a second pass').recipe.type).toBe('txt2img');
});

test('a second pass is restored as one', () => {
  const text = (upscaler: string) =>
    `a key\nSteps: 20, Sampler: Euler, Seed: 1, Size: 512x640, Denoising strength: 0.4, Hires upscale: 1.5, Hires steps: 12, Hires upscaler: ${upscaler}`;
  const restored = (upscaler: string) => {
    const foreign = a1111In(text(upscaler));
    if (!foreign) throw new Error('not read');
    return fromElsewhere(foreign, []);
  };
  const { recipe, lost } = restored('Latent (nearest-exact)');
  expect(recipe).toMatchObject({ type: 'txt2img', width: 512, height: 640 });
  expect(recipe.params).toMatchObject({
    hires_scale: 1.5,
    hires_steps: 12,
    hires_denoise: 0.4,
    hires_upscaler: 'latent-nearest',
  });
  expect(recipe.params.denoise).toBeUndefined();
  expect(lost).toEqual([]);
  expect(restored('SwinIR 4x').lost).toEqual([
    { field: 'params', what: 'foreign', name: 'Hires upscaler', value: 'SwinIR 4x' },
  ]);
});

test('a seed of 64 bits stays whole', () =>
  expect(recipeOf('a seed of 64 bits and a text of one line').recipe.seed).toBe('18446744073709551615'));

test('the line that Limner writes restores prompt, negative, seed, steps, cfg and size', () => {
  const isPlain = ({ prompt, negative_prompt }: Recipe) =>
    prompt !== '' &&
    !/[\r\v\f\u0085\u2028\u2029]|<(lora|lyco|hypernet):|Negative prompt:/i.test(
      `${prompt}${negative_prompt}`,
    );
  fc.assert(
    fc.property(anyRecipe.filter(isPlain), anySeed, (any, seed) => {
      const loras = any.loras.map(({ name, weight }) => ({ name: name.replaceAll('/', '') || 'a', weight }));
      const frame: FrameRecipe = {
        ...any,
        params: { ...any.params, denoise: undefined },
        style: null,
        loras,
        family: 'a',
        seed,
      };
      const foreign = a1111In(infotextOf(frame, { width: 640, height: 512 }, 'm'));
      if (!foreign) throw new Error('not read');
      const { recipe } = fromElsewhere(foreign, []);
      expect(recipe).toMatchObject({
        prompt: frame.prompt,
        negative_prompt: frame.negative_prompt.trim(),
        seed,
        width: frame.width ?? 640,
        height: frame.height ?? 512,
      });
      expect(recipe.loras.map(({ name }) => name)).toEqual(loras.map(({ name }) => name));
      expect([recipe.params.steps, recipe.params.cfg]).toEqual([frame.params.steps, frame.params.cfg]);
    }),
  );
});
