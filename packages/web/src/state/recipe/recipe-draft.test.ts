import { type ControlType, fitFrames, fitSize, Recipe, type RecipeInput, type Style } from '@limner/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Draft, Picture } from '../draft/draft.ts';
import { familyOf } from '../testing-tasks.ts';
import { fromDraft } from './from-draft.ts';
import { type Here, toDraft } from './to-draft.ts';

const styleOf = (id: number, over: Partial<Style> = {}): Style => ({
  id,
  name: `style ${id}`,
  type: 'ui',
  lora_path: null,
  trigger_words: '',
  strength: 1,
  is_base: id === 1,
  is_trained: false,
  family: null,
  families: [],
  created_at: '2026-05-04T10:00:00.000Z',
  ...over,
});
const STYLES = [styleOf(1), styleOf(2, { trigger_words: 'ember', lora_path: 'ember.safetensors' })];
const snapshot = ({ id, name, trigger_words, lora_path, family }: Style) => ({
  id,
  name,
  trigger_words,
  lora_path,
  family,
});

const LARGE = familyOf({
  id: 'large',
  types: ['txt2img', 'img2img', 'inpaint'],
  outpaint: true,
  controls: ['canny', 'depth'],
  loras: true,
  size: { default: 1024, min: 256, max: 2048, step: 16 },
  params: [
    { key: 'steps', type: 'integer', default: 20, min: 1, max: 50, effect: true },
    { key: 'cfg', type: 'number', default: 7, min: 1, max: 20, effect: true },
    {
      key: 'sampler',
      type: 'choice',
      default: 'euler',
      choices: ['euler', 'heun'].map((value) => ({ value, label: { en: value, zh: value } })),
      effect: true,
    },
    { key: 'negative_prompt', type: 'text', default: null, effect: true },
    { key: 'inputs.artist', type: 'text', default: '', effect: true },
  ],
});
const EDITOR = familyOf({ id: 'editor', kind: 'edit', types: [], size: null, references: 4, loras: true });
const SMALL = familyOf({ id: 'small', types: ['txt2img'] });
const CAMERA = familyOf({
  id: 'camera',
  kind: 'video',
  types: [],
  size: { default: 1280, min: 256, max: 1280, step: 32 },
  video: {
    types: ['text_to_video', 'image_to_video', 'first_last'],
    frames: { default: 121, min: 5, max: 121, step: 4 },
    fps: { default: 24, min: 8, max: 30 },
    sound: false,
  },
});
const FAMILIES = [LARGE, EDITOR, SMALL, CAMERA];

const REFS = ['12_0', '7_3', 'u1', 'u2'];
const pictureOf = (ref: string): Picture => ({ ref, url: `/${ref}`, width: 512, height: 512 });

const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((value) => value.trim());
const ref = fc.constantFrom(...REFS);
const share = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
const seed = fc.option(
  fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constant('18446744073709551615')),
);
const side = fc.integer({ min: 16, max: 4096 });
const control = fc.record({
  enabled: fc.constant(true),
  type: fc.constantFrom<ControlType>('canny', 'depth', 'pose'),
  image: ref,
  strength: share,
  start: share,
  end: share,
});
const params = fc.record(
  {
    steps: fc.integer({ min: 1, max: 150 }),
    cfg: fc.integer({ min: 0, max: 30 }),
    sampler: fc.constantFrom('euler', 'heun', 'ddim'),
    inputs: fc.oneof(fc.record({ artist: text, mood: fc.boolean() }), fc.record({ artist: text })),
  },
  { requiredKeys: [] },
);
const fittingParams = fc.record(
  {
    steps: fc.integer({ min: 1, max: 50 }),
    cfg: fc.integer({ min: 1, max: 20 }),
    sampler: fc.constantFrom('euler', 'heun'),
    inputs: fc.record({ artist: text }),
  },
  { requiredKeys: [] },
);
const video = fc.record({
  end_image: fc.option(ref),
  frames: fc.integer({ min: 1, max: 200 }),
  seconds: fc.constant(null),
  fps: fc.integer({ min: 4, max: 60 }),
  keep_frames: fc.boolean(),
});
const loras = fc.array(fc.record({ name: fc.constantFrom('a', 'b'), weight: share }), { maxLength: 3 });
const style = fc.constantFrom(
  ...STYLES.map(snapshot),
  { ...snapshot(styleOf(3)), name: 'gone' },
  { ...snapshot(styleOf(2)), trigger_words: 'as it was' },
);

/** What the server keeps: only what the kind of painting reads. */
const recipes: fc.Arbitrary<Recipe> = fc
  .record({
    kind: fc.constantFrom('generation' as const, 'edit' as const, 'video' as const),
    type: fc.constantFrom('txt2img' as const, 'img2img' as const, 'inpaint' as const),
    family: fc.constantFrom('large', 'editor', 'small', 'camera', 'elsewhere'),
    prompt: text,
    negative_prompt: text,
    style,
    loras,
    input_image: ref,
    mask_image: ref,
    references: fc.array(ref, { minLength: 1, maxLength: 4 }),
    controlnet: fc.option(control),
    width: side,
    height: side,
    params,
    seed,
    video,
    outpaint: fc.option(
      fc.record({ left: fc.integer({ min: 1, max: 512 }), top: fc.integer({ min: 0, max: 512 }) }),
    ),
  })
  .map(({ outpaint, ...all }): RecipeInput => {
    if (all.kind === 'edit')
      return { ...all, type: null, input_image: null, mask_image: null, controlnet: null, video: null };
    if (all.kind === 'video')
      return { ...all, type: null, mask_image: null, controlnet: null, references: [] };
    const { type } = all;
    return {
      ...all,
      video: null,
      references: [],
      input_image: type === 'txt2img' ? null : all.input_image,
      mask_image: type === 'inpaint' ? all.mask_image : null,
      outpaint: type === 'inpaint' ? outpaint : null,
    };
  })
  .map((recipe) => Recipe.parse(recipe));

/** Recipes that one of the families here paints as they are. */
const fitting: fc.Arbitrary<Recipe> = recipes.chain((recipe) => {
  const painted = { ...recipe, seed: 7, style: snapshot(STYLES[1] as Style) };
  if (recipe.kind === 'edit')
    return fc.constant<Recipe>({
      ...painted,
      ...{ family: 'editor', width: null, height: null, negative_prompt: '', params: {} },
    });
  if (recipe.kind === 'video') {
    const limits = CAMERA.video as NonNullable<typeof CAMERA.video>;
    const asked = { width: recipe.width ?? 512, height: recipe.height ?? 512 };
    const frames = fitFrames(recipe.video?.frames ?? 5, limits.frames);
    const fps = Math.min(30, Math.max(8, recipe.video?.fps ?? 8));
    return fc.constant<Recipe>({
      ...painted,
      ...fitSize(CAMERA.size as never, asked),
      ...{ family: 'camera', negative_prompt: '', params: {}, loras: [] },
      video: recipe.video && { ...recipe.video, frames, fps },
    });
  }
  const size = fitSize(LARGE.size as never, { width: recipe.width ?? 512, height: recipe.height ?? 512 });
  const controlnet = recipe.controlnet && { ...recipe.controlnet, type: 'depth' as const };
  return fittingParams.map(
    (params): Recipe => ({ ...painted, ...size, family: 'large', params, controlnet }),
  );
});

const hereWith = (gone: string[]): Here => ({
  families: FAMILIES,
  styles: STYLES,
  pictures: new Map(REFS.map((name) => [name, gone.includes(name) ? null : pictureOf(name)])),
});

/** The recipe that the form sends after another was laid into it. */
function again(recipe: Recipe, here: Here) {
  const { draft, style, lost } = toDraft(recipe, here);
  const whole: Draft = { ...draft, count: 1, promptHistory: [] };
  const family =
    FAMILIES.find(({ id }) => id === draft.family) ??
    (recipe.kind === 'edit'
      ? EDITOR
      : recipe.kind === 'video'
        ? CAMERA
        : FAMILIES.find(({ types }) => types.includes(draft.mode as 'txt2img')));
  return { sent: fromDraft(whole, family ?? LARGE, style ?? (STYLES[0] as Style)), lost };
}

describe('a recipe laid into the form', () => {
  test('is sent again unchanged where all of it is here', () => {
    fc.assert(
      fc.property(fitting, (recipe) => {
        const { sent, lost } = again(recipe, hereWith([]));
        expect(lost).toEqual([]);
        expect(sent).toEqual(recipe);
      }),
    );
  });

  test('never loses anything without a word', () => {
    fc.assert(
      fc.property(recipes, fc.subarray(REFS), (recipe, gone) => {
        const { sent, lost } = again(recipe, hereWith(gone));
        const told = new Set<string>(lost.map(({ field }) => field));
        if (told.has('width')) told.add('height');
        const changed = Object.keys(recipe).filter(
          (key) =>
            JSON.stringify(sorted(sent[key as keyof Recipe])) !==
            JSON.stringify(sorted(recipe[key as keyof Recipe])),
        );
        expect(changed.filter((key) => !told.has(key))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('brings its control picture with type, strength and range', () => {
    const recipe = Recipe.parse({
      kind: 'generation',
      type: 'txt2img',
      family: 'large',
      prompt: 'a blue dragon',
      controlnet: { type: 'canny', image: '12_0', strength: 0.9, start: 0.1, end: 0.8 },
    });
    expect(toDraft(recipe, hereWith([])).draft.control).toMatchObject({
      enabled: true,
      type: 'canny',
      picture: { ref: '12_0' },
      strength: 0.9,
      start: 0.1,
      end: 0.8,
    });
    const { draft, lost } = toDraft(recipe, hereWith(['12_0']));
    expect(lost).toEqual([{ field: 'controlnet', what: 'picture' }]);
    expect(draft.control).toMatchObject({ picture: null, strength: 0.9 });
  });

  test('takes nothing over from what was in the form before', () => {
    const plain = Recipe.parse({ kind: 'generation', type: 'txt2img', family: 'large', prompt: 'x' });
    expect(toDraft(plain, hereWith([])).draft).toMatchObject({
      input: null,
      mask: null,
      references: [],
      loras: [],
      control: { enabled: false, picture: null },
      seedText: null,
    });
  });
});

/** The order of keys decides nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, held]) => held !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, held]) => [key, sorted(held)]),
  );
}
