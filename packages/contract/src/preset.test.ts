import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PresetCreate, PresetSettings } from './preset.ts';
import { anyRecipe } from './testing.ts';

const before = {
  mode: 'txt2img',
  negative: null,
  family: null,
  seed: null,
  count: 4,
  ratio: '1:1',
  long_side: null,
  free: null,
  params: { large: { steps: 9 } },
};

it('the settings of a preset are read as they were written, with their recipe', () => {
  fc.assert(
    fc.property(anyRecipe, (recipe) => {
      const settings = PresetSettings.parse({ ...before, recipe });
      expect(settings.recipe).toEqual(recipe);
      expect(PresetSettings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
    }),
  );
});

it('the body of an earlier client is a preset without LoRAs, control and recipe', () => {
  const { settings } = PresetCreate.parse({ name: 'Hall', settings: before });
  expect(settings).toEqual({ ...before, loras: [], control: null, recipe: null });
});
