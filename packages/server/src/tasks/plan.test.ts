import { DEFAULT_NEGATIVE_PROMPT, Family, MAX_DRAWN_SEED } from '@limner/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameSeeds, ignoredFields, laneOf, randomSeed, sizeFor, withTriggerWords } from './plan.ts';

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

describe('trigger words', () => {
  it('come first, and only once', () => {
    expect(withTriggerWords('a castle', 'cldsutra')).toBe('cldsutra, a castle');
    expect(withTriggerWords('a CLDSUTRA castle', 'cldsutra')).toBe('a CLDSUTRA castle');
    expect(withTriggerWords('a castle', '  ')).toBe('a castle');
  });
});

describe('the size', () => {
  it("is the family's own when none is asked, and stepped when one is", () => {
    expect(sizeFor(family, 'generation')).toEqual({ width: 1024, height: 1024 });
    expect(sizeFor(family, 'generation', 777, 64)).toEqual({ width: 784, height: 256 });
  });

  it('of an edit is left to its picture', () => {
    expect(sizeFor(family, 'edit')).toEqual({ width: null, height: null });
  });

  it('beyond what the family paints is refused with the side at fault', () => {
    expect(() => sizeFor(family, 'generation', 512, 4096)).toThrow(
      expect.objectContaining({ code: 'size_not_supported', field: 'height' }),
    );
  });
});

it('names what was asked and has no effect', () => {
  const wish = {
    negativePrompt: 'fog',
    params: { steps: 8, cfg: 3 },
    style: null,
    loras: [{ name: 'a', weight: 1 }],
  };
  expect(ignoredFields(family, wish)).toEqual(['params.cfg', 'negative_prompt', 'loras']);
  const plain = { negativePrompt: DEFAULT_NEGATIVE_PROMPT, params: {}, style: null, loras: [] };
  expect(ignoredFields(family, plain)).toEqual([]);
});

it('gives a cut-out its own lane beside the batches of the same engine', () => {
  expect(laneOf('generation', 'comfy')).not.toBe(laneOf('remove_bg', 'comfy'));
});
