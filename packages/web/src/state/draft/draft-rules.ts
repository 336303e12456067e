/** Rules of a draft: its family, its size, and why it cannot run. Pure. */
import {
  type ControlType,
  DEFAULT_NEGATIVE_PROMPT,
  extendedSize,
  type FamilyOffer,
  licenceWith,
  paramsWith,
  type Size,
} from '@limner/contract';
import { sizeOn } from '../sizes.ts';
import type { Draft, Mode, ParamValues } from './draft.ts';

/** True if the model supports the mode. */
export const knowsMode = ({ kind, types }: FamilyOffer, mode: Mode): boolean =>
  mode === 'edit' || mode === 'video' ? kind === mode : kind === 'generation' && types.includes(mode);

/** What decides which families can run a draft. */
export type FamilyChoice = Pick<Draft, 'family' | 'mode'> &
  Partial<Pick<Draft, 'input' | 'end' | 'outpaint'>>;

/** True if the model supports the mode, extends the picture if that is asked, and makes videos of the given pictures. */
export function takesDraft(
  family: FamilyOffer,
  { mode, input, end, outpaint }: Omit<FamilyChoice, 'family'>,
): boolean {
  const { video } = family;
  if (mode === 'inpaint' && outpaint && !family.outpaint) return false;
  if (mode !== 'video' || !video) return knowsMode(family, mode);
  const type = end && input ? 'first_last' : input ? 'image_to_video' : 'text_to_video';
  return knowsMode(family, mode) && video.types.includes(type);
}

/** A video is one task; others have as many pictures as the form says. */
export const countOf = ({ mode, count }: Pick<Draft, 'mode' | 'count'>): number =>
  mode === 'video' ? 1 : count;

/** The effective control type: the chosen one if the model has it, or its first; null if it has none. */
export const controlTypeFor = ({ controls }: FamilyOffer, chosen: ControlType): ControlType | null =>
  controls.includes(chosen) ? chosen : (controls[0] ?? null);

export const canEdit = (families: FamilyOffer[]): boolean =>
  families.some((family) => family.available && family.kind === 'edit');

/** The family of a draft: the chosen one if it can run it, otherwise the best available. Layers are only made by choice. */
export function familyFor(families: FamilyOffer[], draft: FamilyChoice): FamilyOffer | null {
  const able = families.filter((family) => takesDraft(family, draft));
  const here = able.filter((family) => family.available);
  return (
    here.find((family) => family.id === draft.family) ??
    here.find((family) => !family.experimental && !family.layered) ??
    here.find((family) => !family.layered) ??
    here[0] ??
    null
  );
}

/** The family as it is with the chosen file and the chosen LoRA for speed: what has an effect, and under which licence. */
export function familyWith(family: FamilyOffer, values: ParamValues | undefined): FamilyOffer {
  const chosen = values ?? {};
  const licence = licenceWith(family, chosen);
  return {
    ...family,
    params: paramsWith(family.params, chosen),
    ...(licence === undefined ? {} : { licence }),
  };
}

type SizedDraft = Pick<Draft, 'ratio' | 'longSide' | 'free' | 'mode' | 'input' | 'outpaint'>;

export function sizeFor(family: FamilyOffer, draft: SizedDraft): Size | null {
  return family.size && sizeOn(family.size, draft, shapeOf(draft, family));
}

/** The picture whose shape the result has; a workflow has its own. */
export const shapeOf = (
  { mode, input, outpaint }: Pick<Draft, 'mode' | 'input' | 'outpaint'>,
  { only_named }: Pick<FamilyOffer, 'only_named'>,
): Size | null => {
  if (!SHAPED_BY_INPUT.includes(mode) || only_named || !input) return null;
  return mode === 'inpaint' ? extendedSize(input, outpaint) : input;
};

const SHAPED_BY_INPUT: readonly Mode[] = ['img2img', 'inpaint', 'video'];

/** What keeps a draft from being whole. */
interface Pending {
  /** Pictures are on their way into the draft. */
  uploading?: boolean;
  /** A number field holds no valid number. */
  hasRefusedNumber?: boolean;
}

/** Why the draft cannot run: the key of a sentence; null if it can. */
export function obstacle(
  draft: Draft,
  family: FamilyOffer | null,
  styleId: number | null,
  /** The only family of the chosen style; null if every family works. */
  /** Those of its LoRA file; empty: all. */
  styleFamilies: readonly string[] = [],
  { uploading = false, hasRefusedNumber = false }: Pending = {},
) {
  if (!family) return isExtended(draft) ? ('composer.extendNot' as const) : ('composer.noModel' as const);
  if (styleId === null) return 'styles.first' as const;
  if (styleFamilies.length > 0 && !styleFamilies.includes(family.id)) return 'styles.otherModel' as const;
  if (hasRefusedNumber) return 'composer.numberFirst' as const;
  if (draft.seedText !== null) return 'composer.seedFirst' as const;
  if (draft.prompt.trim() === '' && !isWordless(draft, family)) return 'composer.promptFirst' as const;
  if (uploading) return 'composer.uploadFirst' as const;
  if (draft.mode === 'edit') return referencesInTheWay(draft, family);
  if (draft.mode === 'video') return draft.end && !draft.input ? ('video.startFirst' as const) : null;
  if (stylesOf(draft, family).length > (family.style_images ?? 0)) return 'composer.stylesTooMany' as const;
  if (draft.mode !== 'txt2img' && !draft.input) return 'composer.inputFirst' as const;
  if (draft.mode === 'inpaint' && !draft.mask && !draft.outpaint) return 'composer.maskFirst' as const;
  if (lacksControlPicture(draft, family)) return 'composer.controlFirst' as const;
  return null;
}

const isExtended = ({ mode, outpaint }: Draft): boolean => mode === 'inpaint' && outpaint !== null;

/** A picture is taken apart into layers without words too, and a workflow may read none. */
const isWordless = ({ mode }: Draft, { layered, takes_prompt }: FamilyOffer): boolean =>
  takes_prompt === false || (layered === true && mode === 'img2img');

/** A control of a family without control types has no effect. */
const lacksControlPicture = ({ control }: Draft, family: FamilyOffer): boolean =>
  control.enabled && !control.picture && controlTypeFor(family, control.type) !== null;

/** The style pictures that are sent: none to a family that takes none. */
export const stylesOf = (
  { styleImages }: Pick<Draft, 'styleImages'>,
  { style_images }: Pick<FamilyOffer, 'style_images'>,
): Draft['styleImages'] => (style_images ? styleImages : []);

/** Style pictures count among the references. */
function referencesInTheWay(draft: Draft, family: FamilyOffer) {
  const { references } = draft;
  const styles = stylesOf(draft, family).length;
  if (references.length === 0) return 'composer.referenceFirst' as const;
  if (references.length > family.references) return 'composer.referencesTooMany' as const;
  const hasRoom = styles <= (family.style_images ?? 0) && references.length + styles <= family.references;
  return hasRoom ? null : ('composer.stylesTooMany' as const);
}

/** The negative prompt that is sent: the typed text, or the family's default. Empty if it has no effect. */
export function negativeOf(family: FamilyOffer, negative: string | null): string {
  const param = family.params.find(({ key }) => key === 'negative_prompt');
  return param?.effect ? (negative ?? suggestedNegative(family)).trim() : '';
}

export function suggestedNegative(family: FamilyOffer): string {
  const suggested = family.params.find(({ key }) => key === 'negative_prompt')?.default;
  return suggested == null ? DEFAULT_NEGATIVE_PROMPT : String(suggested);
}
