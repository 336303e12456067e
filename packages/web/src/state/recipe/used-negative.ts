import { type FamilyOffer, paramsWith, type Task } from '@limner/contract';

/** The negative prompt that the picture was made with; null where its family ignores it, whatever the recipe says. */
export function usedNegative(
  { choice, family, negative_prompt, params }: Pick<Task, 'choice' | 'family' | 'negative_prompt' | 'params'>,
  families: Pick<FamilyOffer, 'id' | 'params'>[],
): string | null {
  if (choice.ignored.includes('negative_prompt')) return null;
  const known = families.find(({ id }) => id === family);
  // A family that is gone may have used it.
  const takes =
    !known || paramsWith(known.params, params).some(({ key, effect }) => key === 'negative_prompt' && effect);
  return takes && negative_prompt ? negative_prompt : null;
}
