/** What an engine can do, read from the families it serves. Pure. */
import type { EngineHealth, FamilyOffer } from '@limner/contract';

export const ABILITIES = ['txt2img', 'img2img', 'inpaint', 'control', 'remove_bg', 'upscale'] as const;
export type Ability = (typeof ABILITIES)[number];

/** `lacking`: it would, were nothing missing. */
export type Verdict = 'able' | 'lacking' | 'unable';

export function verdict(engine: EngineHealth, families: FamilyOffer[], ability: Ability): Verdict {
  const offers = families
    .filter((family) => has(family, ability))
    .flatMap((family) => family.engines.filter((offer) => offer.engine === engine.id));
  if (offers.some((offer) => offer.available)) return 'able';
  return offers.length > 0 ? 'lacking' : 'unable';
}

function has(family: FamilyOffer, ability: Ability): boolean {
  if (ability === 'control') return family.controls.length > 0;
  if (ability === 'remove_bg' || ability === 'upscale') return family.kind === ability;
  return family.kind === 'generation' && family.types.includes(ability);
}
