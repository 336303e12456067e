import {
  DEFAULT_NEGATIVE_PROMPT,
  Family,
  hasShapeOf,
  MAX_DRAWN_SEED,
  Recipe,
  type Size,
} from '@limner/contract';
import { anyRecipe, anySeed } from '@limner/contract/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chosen } from '../engines/engines.ts';
import { tileableParam } from '../engines/tileable-param.ts';
import { frameRecipe, frameSeeds, ignoredFields, planFrom, planOf, randomSeed, sizeFor } from './plan.ts';

const family = Family.parse({
  id: 'f',
  kind: 'generation',
  label: { en: 'F', zh: 'F' },
  description: { en: '', zh: '' },
  size: { default: 1024, min: 256, max: 2048, step: 16 },
  params: [
    { key: 'steps', type: 'integer', default: 4 },
    { key: 'negative_prompt', type: 'text', default: null, effect: false },
  ],
});

it('rows of one text share a plan, but not those of another kind', () => {
  const choice = { family: 'f', engine: 'e', why: 'asked', note: { en: '', zh: '' }, ignored: [] };
  const plan = JSON.stringify({ recipe: Recipe.parse({ kind: 'generation', prompt: 'a key' }), choice });
  const first = planOf({ id: 1, kind: 'generation', plan });
  expect(first.recipe.prompt).toBe('a key');
  expect(planOf({ id: 2, kind: 'generation', plan })).toBe(first);
  expect(planOf({ id: 3, kind: 'edit', plan })).not.toBe(first);
});
const hires = Family.shape.params.parse([
  { key: 'hires_scale', type: 'number', default: 1, min: 1, max: 4 },
  { key: 'hires_denoise', type: 'number', default: 0.5, min: 0, max: 1 },
]);

it('a plan is read from its row as it was made, and a frame is painted from it', () => {
  const choice = {
    family: 'f',
    engine: 'e',
    why: 'best' as const,
    note: { en: '', zh: '' },
    ignored: ['params.cfg'],
  };
  fc.assert(
    fc.property(anyRecipe, anySeed, (recipe, seed) => {
      const plan = planOf({ id: 1, kind: recipe.kind, plan: JSON.stringify({ recipe, choice }) });
      expect(plan).toEqual({ recipe, choice });
      expect(frameRecipe(plan, { seed: String(seed), drawn: null })).toEqual({
        ...recipe,
        family: 'f',
        seed,
      });
    }),
  );
});

it('a frame of a version before choices keeps its words as they were typed', () => {
  const recipe = Recipe.parse({
    kind: 'generation',
    type: 'txt2img',
    prompt: 'a {red|blue} key, __animal__',
  });
  const choice = { family: 'f', engine: 'e', why: 'best', note: { en: '', zh: '' }, ignored: [] };
  const plan = planOf({ id: 1, kind: 'generation', plan: JSON.stringify({ recipe, choice }) });
  expect(frameRecipe(plan, { seed: '7', drawn: null })).toMatchObject({
    prompt: 'a {red|blue} key, __animal__',
    template: null,
  });
});

it('the prompt is without effect beside a picture that is extended without words, but not within a mask', () => {
  const outpaint = { left: 64 };
  const recipe = { kind: 'generation', type: 'inpaint', prompt: 'moss', input_image: 'u', outpaint } as const;
  const extending = { ...family, extends_by_words: false };
  expect(ignoredFields(extending, Recipe.parse(recipe))).toEqual(['prompt']);
  expect(ignoredFields(extending, Recipe.parse({ ...recipe, mask_image: 'm' }))).toEqual([]);
  expect(ignoredFields(family, Recipe.parse(recipe))).toEqual([]);
});

it('edges that meet are without effect within a mask', () => {
  const tiling = { ...family, params: [tileableParam] };
  const asked = (type: 'txt2img' | 'inpaint', tileable: 'off' | 'both') =>
    Recipe.parse({ kind: 'generation', type, prompt: 'moss', params: { tileable } });
  expect(ignoredFields(tiling, asked('txt2img', 'both'))).toEqual([]);
  expect(ignoredFields(tiling, asked('inpaint', 'both'))).toEqual(['params.tileable']);
  expect(ignoredFields(tiling, asked('inpaint', 'off'))).toEqual([]);
});

describe('a second pass', () => {
  const twice = { ...family, params: [...family.params, ...hires] };
  const asked = (more: object, params: object) =>
    Recipe.parse({ kind: 'generation', type: 'txt2img', prompt: 'a key', params, ...more });
  const planned = (recipe: Recipe) =>
    planFrom(recipe, { family: twice, choice: { why: 'best', note: { en: '', zh: '' } } } as never);

  it('may be twice as large as the largest picture, and no larger', () => {
    const sides = { width: 2048, height: 1024 };
    expect(planned(asked(sides, { hires_scale: 2 })).recipe.params.hires_scale).toBe(2);
    expect(() => planned(asked(sides, { hires_scale: 2.5 }))).toThrow(
      expect.objectContaining({ code: 'size_not_supported', field: 'params.hires_scale' }),
    );
  });

  it('is without effect unless it enlarges a picture of words alone', () => {
    const params = { hires_scale: 2, hires_denoise: 0.4 };
    expect(ignoredFields(twice, asked({}, params))).toEqual([]);
    expect(ignoredFields(twice, asked({ type: 'img2img' }, params))).toEqual(
      Object.keys(params).map((key) => `params.${key}`),
    );
    expect(ignoredFields(twice, asked({}, { hires_denoise: 0.4 }))).toEqual(['params.hires_denoise']);
    expect(ignoredFields(family, asked({}, { hires_scale: 2 }))).toEqual(['params.hires_scale']);
  });
});

describe('seeds', () => {
  it('count up from the one given and wrap, 0 included', () => {
    expect(frameSeeds(0, 3, family, Math.random)).toEqual([0, 1, 2]);
    expect(frameSeeds(MAX_DRAWN_SEED, 2, family, Math.random)).toEqual([MAX_DRAWN_SEED, 0]);
  });

  it('are always whole and in range', () => {
    fc.assert(
      fc.property(fc.nat(MAX_DRAWN_SEED), fc.integer({ min: 1, max: 32 }), (seed, count) => {
        const seeds = frameSeeds(seed, count, family, Math.random).map(Number);
        expect(seeds.every((each) => Number.isInteger(each) && each >= 0 && each <= MAX_DRAWN_SEED)).toBe(
          true,
        );
      }),
    );
  });

  it('go as far as the family takes them, and no further', () => {
    const wide = { ...family, max_seed: '18446744073709551615' };
    expect(frameSeeds('18446744073709551615', 2, wide, Math.random)).toEqual(['18446744073709551615', 0]);
    expect(() => frameSeeds(2 ** 32, 1, family, Math.random)).toThrow(
      expect.objectContaining({ code: 'invalid_request', field: 'seed' }),
    );
  });

  it('drawn at random reach both ends of the range', () => {
    expect(randomSeed(() => 0)).toBe(0);
    expect(randomSeed(() => 1 - 2 ** -53)).toBe(MAX_DRAWN_SEED);
  });
});

describe('the size', () => {
  const asked = { kind: 'generation', width: null, height: null } as const;

  it("is the family's own when none is asked, and stepped when one is", () => {
    expect(sizeFor(family, asked)).toEqual({ width: 1024, height: 1024 });
    expect(sizeFor(family, { ...asked, width: 777, height: 64 })).toEqual({ width: 784, height: 256 });
  });

  it('stays on the grid where the largest side is not on it', () => {
    const size = { default: 512, min: 100, max: 1000, step: 64 };
    expect(sizeFor({ ...family, size }, { ...asked, width: 1000, height: 100 })).toEqual({
      width: 960,
      height: 128,
    });
  });

  it('of an edit is left to its picture', () => {
    expect(sizeFor(family, { ...asked, kind: 'edit' })).toEqual({ width: null, height: null });
  });

  it('of a picture painted from another follows its shape at the usual area, within what the family paints', () => {
    const over = (input: Size, rest: object = {}) => sizeFor(family, { ...asked, ...rest }, input);
    expect(over({ width: 4000, height: 3000 })).toEqual({ width: 1184, height: 880 });
    expect(over({ width: 60, height: 120 })).toEqual({ width: 720, height: 1456 });
    expect(over({ width: 800, height: 400 }, { width: 1024 })).toEqual({ width: 1024, height: 512 });
    const workflow = { ...family, only_named: true };
    expect(sizeFor(workflow, asked, { width: 800, height: 400 })).toEqual({ width: 1024, height: 1024 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 9000 }), (width, height) => {
        const made = over({ width, height });
        const sides = [made.width ?? 0, made.height ?? 0];
        expect(sides.every((side) => side >= 256 && side <= 2048 && side % 16 === 0)).toBe(true);
        // Shapes that the limits allow are kept, to the step.
        const ratio = Math.max(width, height) / Math.min(width, height);
        if (ratio <= 2048 / 256) expect(hasShapeOf(made as Size, { width, height }, 16)).toBe(true);
      }),
    );
  });

  it('with another shape than the picture painted over is said', () => {
    const chosen = { family, engine: {}, choice: { note: { en: 'Why.', zh: '因。' } } } as unknown as Chosen;
    const recipe = Recipe.parse({ kind: 'generation', type: 'img2img', input_image: 'u' });
    const input = { width: 800, height: 400 };
    expect(planFrom(recipe, chosen, input).choice.note.en).toBe('Why.');
    const { note } = planFrom({ ...recipe, width: 512, height: 512 }, chosen, input).choice;
    expect(note.en).toContain('(800 × 400) has another shape than 512 × 512');
    expect(note.zh).toContain('800 × 400');
  });

  it('beyond what the family paints is refused with the side at fault', () => {
    expect(() => sizeFor(family, { ...asked, width: 512, height: 4096 })).toThrow(
      expect.objectContaining({ code: 'size_not_supported', field: 'height' }),
    );
  });
});

it('names what was asked and has no effect', () => {
  const recipe = Recipe.parse({
    kind: 'generation',
    negative_prompt: 'fog',
    params: { steps: 8, cfg: 3 },
    loras: [{ name: 'a', weight: 1 }],
  });
  expect(ignoredFields(family, recipe)).toEqual(['params.cfg', 'negative_prompt', 'loras']);
  const plain = Recipe.parse({ kind: 'generation', negative_prompt: DEFAULT_NEGATIVE_PROMPT });
  expect(ignoredFields(family, plain)).toEqual([]);
});

it('stores the default negative prompt only for families that use one', () => {
  const choice = { family: 'f', engine: 'e', why: 'best' as const, note: { en: '', zh: '' }, ignored: [] };
  const recipe = Recipe.parse({ kind: 'generation', negative_prompt: DEFAULT_NEGATIVE_PROMPT });
  const stored = (params: object[], sent = recipe) =>
    planFrom(sent, { family: Family.parse({ ...family, params }), choice } as unknown as Chosen).recipe
      .negative_prompt;
  const param = { key: 'negative_prompt', type: 'text', default: null };
  expect(stored([{ ...param, effect: false }])).toBe('');
  expect(stored([])).toBe('');
  expect(stored([param])).toBe(DEFAULT_NEGATIVE_PROMPT);
  expect(stored([{ ...param, default: 'own' }])).toBe('own');
  expect(stored([], { ...recipe, negative_prompt: 'fog' })).toBe('fog');
});
