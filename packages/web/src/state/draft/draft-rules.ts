/** What a draft needs of the models here: which one serves it, in which size, and what stands in the way. Pure. */
import { type ControlType, DEFAULT_NEGATIVE_PROMPT, type FamilyOffer } from '@limner/contract';
import { type Size, sizeOn } from '../sizes.ts';
import type { Draft, Mode } from './draft.ts';

/** Whether a model paints from this. */
export const knowsMode = ({ kind, types }: FamilyOffer, mode: Mode): boolean =>
  mode === 'edit' ? kind === 'edit' : kind === 'generation' && types.includes(mode);

/** The type of control that this model follows: the one that was chosen, or its first; null when it follows none. */
export const controlTypeFor = ({ controls }: FamilyOffer, chosen: ControlType): ControlType | null =>
  controls.includes(chosen) ? chosen : (controls[0] ?? null);

export const canEdit = (families: FamilyOffer[]): boolean =>
  families.some((family) => family.available && family.kind === 'edit');

/** The family a draft is painted with: the one that was picked while it can serve, otherwise the best that can. */
export function familyFor(
  families: FamilyOffer[],
  draft: Pick<Draft, 'family' | 'mode'>,
): FamilyOffer | null {
  const able = families.filter((family) => knowsMode(family, draft.mode));
  const here = able.filter((family) => family.available);
  return (
    here.find((family) => family.id === draft.family) ??
    here.find((family) => !family.experimental) ??
    here[0] ??
    null
  );
}

export function sizeFor(family: FamilyOffer, draft: Pick<Draft, 'ratio' | 'longSide' | 'free'>): Size | null {
  return family.size && sizeOn(family.size, draft);
}

/** Why nothing can be generated yet: the key of a sentence; null when it can. */
export function obstacle(
  draft: Draft,
  family: FamilyOffer | null,
  styleId: number | null,
  /** The one family the chosen style works with; null where any does. */
  styleFamily: string | null = null,
) {
  if (!family) return 'composer.noModel' as const;
  if (styleId === null) return 'styles.first' as const;
  if (styleFamily !== null && styleFamily !== family.id) return 'styles.otherModel' as const;
  if (draft.seedText !== null) return 'composer.seedFirst' as const;
  if (draft.prompt.trim() === '') return 'composer.promptFirst' as const;
  if (draft.mode === 'edit') return referencesInTheWay(draft, family);
  if (draft.mode !== 'txt2img' && !draft.input) return 'composer.inputFirst' as const;
  if (draft.mode === 'inpaint' && !draft.mask) return 'composer.maskFirst' as const;
  return null;
}

function referencesInTheWay({ references }: Draft, family: FamilyOffer) {
  if (references.length === 0) return 'composer.referenceFirst' as const;
  return references.length > family.references ? ('composer.referencesTooMany' as const) : null;
}

/** The negative prompt that is sent: what was typed, or what the family suggests. Empty where it has no effect. */
export function negativeOf(family: FamilyOffer, negative: string | null): string {
  const param = family.params.find(({ key }) => key === 'negative_prompt');
  return param?.effect ? (negative ?? suggestedNegative(family)).trim() : '';
}

export function suggestedNegative(family: FamilyOffer): string {
  const suggested = family.params.find(({ key }) => key === 'negative_prompt')?.default;
  return suggested == null ? DEFAULT_NEGATIVE_PROMPT : String(suggested);
}
