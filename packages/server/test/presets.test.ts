import { type PresetSettings, Recipe } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;

beforeAll(async () => {
  studio = await startStudio({ engines: [] });
});
afterAll(() => studio.close());

const recipe = Recipe.parse({
  kind: 'generation',
  type: 'inpaint',
  family: 'flux-schnell',
  negative_prompt: '模糊',
  input_image: '12_0',
  mask_image: 'uaaaaaaaaaaaaaaaaaaaaaaaaaa',
  controlnet: { type: 'canny', image: '7_0', strength: 0.9, start: 0.1, end: 0.8 },
  width: 768,
  height: 512,
  params: { steps: 4, sampler: 'euler' },
});
const settings: PresetSettings = {
  mode: 'txt2img',
  negative: '模糊',
  family: 'flux-schnell',
  seed: 7,
  count: 8,
  ratio: 'free',
  long_side: null,
  free: { width: 768, height: 512 },
  params: { 'flux-schnell': { steps: 4, sampler: 'euler' } },
  loras: [{ name: 'ink.safetensors', weight: 0.7 }],
  control: { enabled: true, type: 'canny', strength: 0.9, start: 0.1, end: 0.8 },
  recipe,
};
const create = (name: string, change: Partial<PresetSettings> = {}) =>
  studio.client.call('createPreset', { body: { name, settings: { ...settings, ...change } } });

describe('a preset', () => {
  it('is kept whole and shared by everybody', async () => {
    const made = await create('图标 512');
    expect(await studio.client.call('listPresets', {})).toEqual([made]);
    expect(made.settings).toEqual(settings);
  });

  it('that was kept before LoRAs, control and recipe were part of it has none', async () => {
    const { loras: _, control: __, recipe: ___, ...before } = settings;
    const made = await studio.client.call('createPreset', { body: { name: 'Before', settings: before } });
    expect(made.settings).toEqual({ ...before, loras: [], control: null, recipe: null });
    await studio.studio.db.write((trx) =>
      trx
        .updateTable('presets')
        .set({ settings: JSON.stringify(before) })
        .where('id', '=', made.id)
        .execute(),
    );
    const [kept] = (await studio.client.call('listPresets', {})).filter(({ id }) => id === made.id);
    expect(kept?.settings).toEqual(made.settings);
    await studio.client.call('deletePreset', { params: { id: made.id } });
  });

  it('has a name of its own; the refusal says who has it, so that it can be replaced', async () => {
    const [first, second] = [await create('Icons'), await create('Scenes')];
    await expect(create(' Icons ')).rejects.toMatchObject({
      code: 'preset_name_taken',
      field: 'name',
      data: { name: 'Icons', id: first.id },
    });
    await expect(
      studio.client.call('updatePreset', { params: { id: second.id }, body: { name: 'Icons' } }),
    ).rejects.toMatchObject({ code: 'preset_name_taken' });
    const replaced = await studio.client.call('updatePreset', {
      params: { id: first.id },
      body: { name: 'Icons', settings: { ...settings, count: 2 } },
    });
    expect([replaced.name, replaced.settings.count]).toEqual(['Icons', 2]);
  });

  it('is deleted once', async () => {
    const { id } = await create('gone');
    await studio.client.call('deletePreset', { params: { id } });
    await expect(studio.client.call('deletePreset', { params: { id } })).rejects.toMatchObject({
      code: 'preset_not_found',
    });
  });

  it.each([
    ['no name', { name: '', settings }, 'name'],
    ['a count of 33', { name: 'x', settings: { ...settings, count: 33 } }, 'settings.count'],
    [
      'a control picture of no name',
      {
        name: 'x',
        settings: { ...settings, recipe: { ...recipe, controlnet: { type: 'canny', image: '' } } },
      },
      'settings.recipe.controlnet.image',
    ],
    ['a field nobody knows', { name: 'x', settings: { ...settings, prompt: 'a' } }, 'settings.prompt'],
  ])('with %s is refused with the field', async (_, body, field) => {
    await expect(studio.client.call('createPreset', { body: body as never })).rejects.toMatchObject({
      code: 'invalid_request',
      field,
    });
  });
});
