/** From the form to the recipe that is sent. Pure. Values without effect on this family are omitted. */
import {
  type ControlType,
  emptyRecipe,
  type FamilyOffer,
  HIRES_DETAILS,
  type Params,
  type Recipe,
  recipeStyleOf,
  type Style,
  videoLength,
} from '@limner/contract';
import type { Control, Draft } from '../draft/draft.ts';
import { controlTypeFor, familyWith, negativeOf, sizeFor, stylesOf } from '../draft/draft-rules.ts';
import { paramsOf } from './param-values.ts';

export function fromDraft(draft: Draft, offer: FamilyOffer, style: Style | null): Recipe {
  const { mode } = draft;
  const family = familyWith(offer, draft.params[offer.id]);
  return {
    ...emptyRecipe(mode === 'edit' || mode === 'video' ? mode : 'generation'),
    family: family.id,
    prompt: draft.prompt.trim(),
    negative_prompt: negativeOf(family, draft.negative),
    style: style && recipeStyleOf(style),
    loras: family.loras ? draft.loras : [],
    params: sentParams(draft, family),
    seed: draft.seed,
    style_images: stylesOf(draft, family).map(({ picture, strength }) => ({ image: picture.ref, strength })),
    ...partsOf(draft, family),
  };
}

const editParts = ({ references }: Draft) => ({ references: references.map(({ ref }) => ref) });

function partsOf(draft: Draft, family: FamilyOffer): Partial<Recipe> {
  const { mode } = draft;
  if (mode === 'edit') return editParts(draft);
  return mode === 'video' ? videoParts(draft, family) : generationParts({ ...draft, mode }, family);
}

function videoParts(draft: Draft, family: FamilyOffer): Partial<Recipe> {
  const { seconds, fps: rate, keepFrames: keep_frames } = draft.video;
  const length = family.video && videoLength(family.video, { frames: null, seconds, fps: rate });
  const { frames = null, fps = null } = length ?? {};
  return {
    input_image: draft.input?.ref ?? null,
    video: { end_image: draft.end?.ref ?? null, frames, seconds: null, fps, keep_frames },
    ...(sizeFor(family, draft) ?? { width: null, height: null }),
  };
}

type GenerationDraft = Draft & { mode: Exclude<Draft['mode'], 'edit' | 'video'> };

function generationParts(draft: GenerationDraft, family: FamilyOffer) {
  const { mode, control } = draft;
  return {
    type: mode,
    input_image: mode === 'txt2img' ? null : (draft.input?.ref ?? null),
    mask_image: mode === 'inpaint' ? (draft.mask?.ref ?? null) : null,
    outpaint: mode === 'inpaint' ? draft.outpaint : null,
    controlnet: sentControl(control, controlTypeFor(family, control.type)),
    ...(sizeFor(family, draft) ?? { width: null, height: null }),
  };
}

function sentControl(
  { enabled, picture, strength, start, end }: Control,
  type: ControlType | null,
): Recipe['controlnet'] {
  return enabled && picture && type
    ? { enabled: true, type, image: picture.ref, strength, start, end }
    : null;
}

function sentParams(draft: Draft, family: FamilyOffer): Params {
  const { params, mode, references } = draft;
  const useful = new Set<string>(family.params.filter((param) => param.effect).map(({ key }) => key));
  // The reference mode has no meaning for one picture.
  if (mode !== 'edit' || references.length < 2) useful.delete('reference_mode');
  if (stylesOf(draft, family).length === 0) useful.delete('style_mode');
  const own = params[family.id] ?? {};
  // A second pass is of pictures from words alone.
  const isPaintedTwice = mode === 'txt2img' && Number(own.hires_scale ?? 1) > 1;
  if (!isPaintedTwice) for (const key of ['hires_scale', ...HIRES_DETAILS]) useful.delete(key);
  const set = Object.entries(own).filter(([key]) => useful.has(key));
  return paramsOf(Object.fromEntries(set));
}
