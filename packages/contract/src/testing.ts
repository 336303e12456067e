/** Recipes for property tests: any valid recipe, as the parser returns it. */
import fc from 'fast-check';
import {
  ANIMATION_FORMATS,
  MAX_DRAWN_SEED,
  MAX_SEED,
  Recipe,
  type RecipeInput,
  Seed,
  TASK_KINDS,
} from './index.ts';

const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength });
const ref = fc.stringMatching(/^[a-z0-9_/]{1,20}$/);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((value) => value + 0);

export const anySeed: fc.Arbitrary<Seed> = fc.oneof(
  fc.nat(MAX_DRAWN_SEED),
  fc.bigInt(0n, MAX_SEED).map((value) => Seed.parse(String(value))),
);

const style = fc.record({
  id: orNull(fc.integer({ min: 1, max: 1e6 })),
  name: text(20),
  trigger_words: text(20),
  lora_path: orNull(text(20)),
  family: orNull(text(10)),
});

const controlnet = fc.record({
  enabled: fc.boolean(),
  type: fc.constantFrom('canny', 'depth', 'tile', 'blur', 'pose'),
  image: ref,
  strength: between(0, 2),
  start: between(0, 1),
  end: between(0, 1),
});

const inputValue = fc.oneof(text(10), between(-100, 100), fc.boolean());
const params = fc.record(
  {
    steps: fc.integer({ min: 1, max: 150 }),
    cfg: between(0, 30),
    denoise: between(0, 1),
    model: text(10),
    reference_mode: fc.constantFrom('stitched', 'chained'),
    layers: fc.integer({ min: 2, max: 8 }),
    inputs: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), inputValue, { noNullPrototype: true }),
  },
  { requiredKeys: [] },
);

const training = fc.record({
  style_name: text(20),
  style_type: fc.constantFrom('ui', 'vfx'),
  trigger_words: text(20),
  captions: fc.array(text(20), { maxLength: 4 }),
  params: fc.record({ lora_rank: fc.nat(64), learning_rate: between(0, 1), steps: fc.nat(5000) }),
});

const video = fc.record({
  end_image: orNull(ref),
  frames: orNull(fc.integer({ min: 1, max: 1000 })),
  seconds: orNull(between(0.1, 60)),
  fps: orNull(between(1, 60)),
  keep_frames: fc.boolean(),
});

const animation = fc.record({
  format: fc.constantFrom(...ANIMATION_FORMATS),
  name: fc.constantFrom('walk', '走路', 'a "b"'),
  fps: between(0.1, 60),
  loop: fc.boolean(),
  max_side: orNull(fc.integer({ min: 1, max: 4096 })),
  cut_out: fc.boolean(),
  trim: fc.boolean(),
  quality: orNull(fc.integer({ min: 1, max: 100 })),
  columns: orNull(fc.integer({ min: 1, max: 1000 })),
  padding: fc.nat(64),
  power_of_two: fc.boolean(),
});

const loras = fc.array(fc.record({ name: ref, weight: between(-4, 4) }), { maxLength: 8 });
const template = fc.record({
  prompt: text(40),
  negative_prompt: text(40),
  loras,
  choices: fc.array(fc.record({ token: text(20), value: text(20) }), { maxLength: 4 }),
});

const margin = fc.integer({ min: 0, max: 512 });
const outpaint = fc.record({
  left: margin,
  top: margin,
  right: margin,
  bottom: margin,
  feather: fc.integer({ min: 0, max: 256 }),
});

export const anyRecipe: fc.Arbitrary<Recipe> = fc
  .record({
    kind: fc.constantFrom(...TASK_KINDS),
    type: orNull(fc.constantFrom('txt2img', 'img2img', 'inpaint')),
    family: orNull(text(20)),
    prompt: text(40),
    negative_prompt: text(40),
    style: orNull(style),
    loras,
    input_image: orNull(ref),
    mask_image: orNull(ref),
    outpaint: orNull(outpaint),
    references: fc.array(ref, { maxLength: 4 }),
    style_images: fc.array(
      fc.record({ image: ref, strength: fc.option(fc.integer({ min: 0, max: 20 }).map((n) => n / 20)) }),
      { maxLength: 4 },
    ),
    controlnet: orNull(controlnet),
    width: orNull(fc.integer({ min: 16, max: 4096 })),
    height: orNull(fc.integer({ min: 16, max: 4096 })),
    params,
    seed: orNull(anySeed),
    video: orNull(video),
    animation: orNull(animation),
    training: orNull(training),
    template: orNull(template),
  } satisfies { [K in Exclude<keyof RecipeInput, 'version'>]: fc.Arbitrary<unknown> })
  .map((recipe) => Recipe.parse(recipe));
