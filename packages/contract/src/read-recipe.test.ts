import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import versionZero from './fixtures/version-0.json' with { type: 'json' };
import { pictureText } from './picture-text.ts';
import { readRecipe } from './read-recipe.ts';
import { imagesOf, promptOf, Recipe, type TaskKind } from './recipe.ts';
import { anyRecipe, anySeed } from './testing.ts';

const provenance = {
  engine: 'starter',
  family: 'starter',
  summary: { en: 'Made.', zh: '生成。' },
  details: {},
};
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a recipe', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        expect(readRecipe(stored(recipe))).toEqual(recipe);
        expect(readRecipe(stored({ recipe, choice: { family: 'starter' } }))).toEqual(recipe);
      }),
    );
  });

  it('is read from the text of a picture as it was written', () => {
    fc.assert(
      fc.property(anyRecipe, anySeed, (recipe, seed) => {
        const frame = { ...recipe, family: 'starter', seed };
        expect(readRecipe(JSON.parse(pictureText(frame, provenance)))).toEqual(frame);
      }),
    );
  });

  it.each([
    null,
    'a dragon',
    [],
    {},
    { limner: 1 },
    { limner: 2, recipe: null },
    { version: 2, kind: 'generation' },
    { kind: 'generation', unknown: 1 },
    { limner: 3, recipe: { version: 9, kind: 'generation' } },
  ])('is not in %j', (value) => expect(readRecipe(value)).toBeNull());

  it('names every picture it reads, once', () => {
    const controlnet = { type: 'canny', image: 'c' } as const;
    const recipe = { kind: 'edit', input_image: 'a', mask_image: 'b', references: ['a', 'd'], controlnet };
    expect(imagesOf(Recipe.parse(recipe))).toEqual(['a', 'b', 'd', 'c']);
  });
});

describe('the prompt that is painted', () => {
  const style = { id: 1, name: 'Ink', lora_path: null, family: null };
  it.each([
    ['a castle', 'cldsutra', 'cldsutra, a castle'],
    ['a CLDSUTRA castle', 'cldsutra', 'a CLDSUTRA castle'],
    ['a castle', '  ', 'a castle'],
  ])('of %j with the words %j is %j', (prompt, trigger_words, painted) =>
    expect(promptOf({ prompt, style: { ...style, trigger_words } })).toBe(painted),
  );
});

/** As tasks and pictures were written before recipes had versions, one of each kind. */
describe('what was written before version 1', () => {
  const [inpainting] = versionZero;
  const style = { id: 2, name: 'Ink', trigger_words: 'inky', lora_path: 'ink.safetensors', family: null };
  const shared = {
    version: 1,
    kind: 'generation',
    type: 'inpaint',
    family: 'scripted',
    prompt: '红色的龙 a red dragon',
    negative_prompt: 'fog',
    loras: [
      { name: 'a.safetensors', weight: 0.5 },
      { name: 'b.safetensors', weight: 1 },
    ],
    references: [],
    style_images: [],
    controlnet: {
      enabled: true,
      type: 'depth',
      image: 'uwjcmxdbdelp2xhi2qgxnfbwyei',
      strength: 0.7,
      start: 0.1,
      end: 0.8,
    },
    width: 640,
    height: 768,
    params: { steps: 8, cfg: 3.5, denoise: 0.6, inputs: { key: 'x', on: true } },
    seed: 7,
    training: null,
    video: null,
    animation: null,
    outpaint: null,
    template: null,
  };

  it('as a task is read with every field it had', () => {
    expect(readRecipe(inpainting?.plan, 'generation')).toEqual({
      ...shared,
      style,
      input_image: 'ujsc2tmyhoeg5rnh2ypq34lseeq',
      mask_image: 'ug2xhsmtpzq2fkz5oiiwhjl52km',
    });
  });

  it('as the text of a picture is read with the fields it had', () => {
    expect(readRecipe(inpainting?.text)).toEqual({
      ...shared,
      style: { id: null, name: 'Ink', trigger_words: '', lora_path: null, family: null },
      input_image: null,
      mask_image: null,
    });
  });

  it.each(versionZero.map((sample) => [sample.kind, sample] as const))(
    'is read of the kind %s',
    (kind, { plan, text }) => {
      const recipe = readRecipe(plan, kind as TaskKind);
      expect(recipe).toMatchObject({
        kind,
        family: plan.choice.family,
        prompt: plan.prompt,
        references: plan.references,
        input_image: plan.inputImage,
        width: plan.width,
        height: plan.height,
        params: plan.params,
        seed: plan.seed,
      });
      if (kind !== 'training') expect(recipe && promptOf(recipe)).toBe(plan.enginePrompt);
      expect(readRecipe(text)).toMatchObject({ kind, family: plan.choice.family, seed: text.seed });
    },
  );

  it('as a training is read with its captions and parameters', () => {
    const training = versionZero.find(({ kind }) => kind === 'training');
    expect(readRecipe(training?.plan, 'training')?.training).toEqual({
      style_name: 'Pen',
      style_type: 'vfx',
      trigger_words: 'penned',
      captions: ['a cat', '', ''],
      crops: [],
      ground: null,
      dataset: null,
      params: { lora_rank: 8, learning_rate: 0.1, steps: 6 },
    });
  });

  it('keeps the trigger words of a style that did not store them', () => {
    const older = { ...inpainting?.plan.style, triggerWords: undefined };
    const recipe = readRecipe({ ...inpainting?.plan, style: older }, 'generation');
    expect(recipe?.style?.trigger_words).toBe('inky');
  });
});
