/** What an engine can do, read from the families it serves. Pure. */
import type { EngineHealth, FamilyOffer } from '@limner/contract';

export const ABILITIES = [
  'txt2img',
  'img2img',
  'inpaint',
  'control',
  'edit',
  'remove_bg',
  'upscale',
  'video',
  'animation',
] as const;
export type Ability = (typeof ABILITIES)[number];

/** `lacking`: it could, but something is missing. */
export type Verdict = 'able' | 'lacking' | 'unable';

export function verdict(engine: EngineHealth, families: FamilyOffer[], ability: Ability): Verdict {
  const verdicts = families
    .filter((family) => has(family, ability))
    .map((family) => verdictOn(engine, family));
  return (['able', 'lacking'] as const).find((one) => verdicts.includes(one)) ?? 'unable';
}

/** Families are listed per kind of engine; a missing thing of one server has the server's name. */
export function verdictOn(engine: EngineHealth, family: FamilyOffer): Verdict {
  // Missing things of disabled servers are not shown.
  if (engine.status === 'disabled') return 'unable';
  const own = family.engines.find((offer) => offer.engine === engine.id);
  if (own ? own.available : engine.families.includes(family.id)) return 'able';
  const shared = family.engines.find((offer) => offer.engine === engine.kind);
  const lacking = own ?? shared?.missing.some(({ server }) => server === engine.label.en);
  return lacking ? 'lacking' : 'unable';
}

function has(family: FamilyOffer, ability: Ability): boolean {
  if (ability === 'control') return family.controls.length > 0;
  if (ability === 'txt2img' || ability === 'img2img' || ability === 'inpaint')
    return family.kind === 'generation' && family.types.includes(ability);
  return family.kind === ability;
}
