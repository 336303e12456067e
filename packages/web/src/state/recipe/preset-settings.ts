/** Between the form and the settings of a preset. Pure. */
import type { FamilyOffer, PresetSettings, Recipe } from '@limner/contract';
import type { Draft } from '../draft/draft.ts';
import { fromDraft } from './from-draft.ts';
import type { Lost } from './lost.ts';
import { type Here, toDraft } from './to-draft.ts';

/** @param family the draft's; null: no model here can take the draft */
export function toSettings(draft: Draft, family: FamilyOffer | null): PresetSettings {
  const { mode, negative, seed, count, ratio, longSide, free, params, loras, control } = draft;
  const { picture: _, ...kept } = control;
  return {
    ...{ mode, negative, family: draft.family, seed, count, ratio, long_side: longSide, free, params, loras },
    control: kept,
    recipe: family && { ...fromDraft(draft, family, null), prompt: '' },
  };
}

/** The change of the form `held`, whose pictures stay where the preset names none. */
export function fromSettings(
  settings: PresetSettings,
  held: Draft,
  here: Here,
): { change: Partial<Draft>; lost: Lost[] } {
  const form = formOf(settings, held);
  const { recipe } = settings;
  if (!recipe) return { change: form, lost: [] };
  const { draft, lost } = toDraft(recipe, here);
  const { prompt: _, ...restored } = draft;
  const params = { ...form.params, ...restored.params };
  return {
    change: { ...form, ...restored, params, ...leftEmpty(recipe, form) },
    lost: lost.filter(({ field }) => recipe[field] !== null),
  };
}

type Form = ReturnType<typeof formOf>;

function formOf({ recipe: _, long_side, control, ...settings }: PresetSettings, held: Draft) {
  const { input, mask, outpaint, end, video, references, styleImages } = held;
  return {
    ...{ ...settings, input, mask, outpaint, end, video, references, styleImages },
    seedText: null,
    longSide: long_side,
    control: control ? { ...control, picture: held.control.picture } : held.control,
  };
}

/** The form's part for what the recipe does not say: it was not set, or had no effect on the family. */
function leftEmpty(recipe: Recipe, form: Form): Partial<Draft> {
  const { negative, loras, ratio, longSide, free, control } = form;
  const { input, mask, outpaint, end, video, references, styleImages } = form;
  return {
    ...(recipe.negative_prompt === '' ? { negative } : {}),
    ...(recipe.loras.length === 0 ? { loras } : {}),
    ...(recipe.width === null ? { ratio, longSide, free } : {}),
    ...(recipe.controlnet === null ? { control } : {}),
    ...(recipe.input_image === null && recipe.mask_image === null ? { input, mask, outpaint } : {}),
    ...(recipe.video === null ? { video } : {}),
    ...(recipe.video?.end_image ? {} : { end }),
    ...(recipe.references.length === 0 ? { references } : {}),
    ...(recipe.style_images.length === 0 ? { styleImages } : {}),
  };
}
