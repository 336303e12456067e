/** What the choices and wildcards of a prompt can become, and what stands in their way. Pure. */
import {
  combinationsOf,
  namesMeant,
  promptParts,
  StudioError,
  type Wildcard,
  type WildcardCount,
  wildcardsIn,
} from '@limner/contract';

export type Combinations =
  /** Infinity: more than a number holds. */
  | { count: number }
  /** A name that no wildcard has. */
  | { missing: string }
  /** A wildcard that cannot be used, or a text that cannot be read. */
  | { problem: Wildcard['problem'] };

/** null: the text has no choices. */
export function combinationsIn(text: string, wildcards: readonly Wildcard[]): Combinations | null {
  const names = wildcards.map(({ name }) => name);
  const byName = new Map(wildcards.map((wildcard) => [wildcard.name, wildcard]));
  const meantBy = (name: string) => namesMeant(name, names).flatMap((each) => byName.get(each) ?? []);
  try {
    const parts = promptParts(text, (name) => meantBy(name).length > 0);
    if (parts.every(({ kind }) => kind === 'text')) return null;
    for (const name of wildcardsIn(parts)) {
      const meant = meantBy(name);
      if (meant.length === 0) return { missing: name };
      const unusable = meant.find(({ problem }) => problem !== null);
      if (unusable) return { problem: unusable.problem };
    }
    return { count: combinationsOf(parts, (name) => countOf(meantBy(name))) };
  } catch (problem) {
    if (!(problem instanceof StudioError)) throw problem;
    const [en, zh] = [problem.body('en').message, problem.body('zh').message];
    return { problem: { en, zh } };
  }
}

const countOf = (meant: readonly Wildcard[]): WildcardCount => ({
  entries: meant.reduce((sum, { entries }) => sum + entries, 0),
  combinations: meant.reduce((sum, { combinations }) => sum + (combinations ?? Infinity), 0),
});
