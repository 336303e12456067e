/** How many different texts a prompt can become. */
import type { ChoiceOption, ChoicePart, PromptPart } from './prompt-parts.ts';

export interface WildcardCount {
  /** Its entries. */
  entries: number;
  /** The texts that they can become. */
  combinations: number;
}

/** Of a wildcard by its name, which may have stars; null: it does not exist. */
export type CountOf = (name: string) => WildcardCount | null;

/** 1 for text without choices; Infinity beyond what a number holds. */
export const combinationsOf = (parts: readonly PromptPart[], countOf: CountOf): number =>
  parts.reduce((product, part) => product * ofPart(part, countOf), 1);

function ofPart(part: PromptPart, countOf: CountOf): number {
  if (part.kind === 'text') return 1;
  if (part.kind === 'wildcard') return countOf(part.name)?.combinations ?? 1;
  const counts = countsOf(part, countOf);
  const { least, most } = takenOf(part, counts.length);
  return part.separator === null ? sum(counts) : arrangements(counts, least, most);
}

/** How many options a choice takes of those there are. */
export function takenOf({ least, most }: Pick<ChoicePart, 'least' | 'most'>, options: number) {
  const upper = Math.min(most ?? options, options);
  const lower = Math.min(least, options);
  return { least: Math.min(lower, upper), most: Math.max(lower, upper) };
}

/** A choice of nothing but one wildcard takes its options from there, so that none is taken twice. */
export function soleWildcard({
  options,
  separator,
}: Pick<ChoicePart, 'options' | 'separator'>): string | null {
  const parts = options.length === 1 ? options[0]?.parts.filter((part) => !isBlank(part)) : [];
  const [only] = parts?.length === 1 ? parts : [];
  return separator !== null && only?.kind === 'wildcard' ? only.name : null;
}

const isBlank = (part: PromptPart): boolean => part.kind === 'text' && part.text.trim() === '';

/** Options with the weight 0 are never taken, unless all have it. */
export function takeable(options: readonly ChoiceOption[]): ChoiceOption[] {
  const weighted = options.filter(({ weight }) => weight > 0);
  return weighted.length > 0 ? weighted : options.map((option) => ({ ...option, weight: 1 }));
}

function countsOf(part: ChoicePart, countOf: CountOf): number[] {
  const sole = soleWildcard(part);
  const wildcard = sole === null ? null : countOf(sole);
  if (wildcard) {
    const each = wildcard.combinations / Math.max(1, wildcard.entries);
    return Array.from({ length: wildcard.entries }, () => each);
  }
  return takeable(part.options).map(({ parts }) => combinationsOf(parts, countOf));
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Beyond this the number is too great to count. */
const MAX_COUNTED = 60;

/** Of several in any order: for each number of them, what they can be, times their orders. */
function arrangements(counts: readonly number[], least: number, most: number): number {
  if (Math.min(most, counts.length) > MAX_COUNTED) return Number.POSITIVE_INFINITY;
  const ways = [1, ...Array.from({ length: most }, () => 0)];
  for (const count of counts)
    for (let taken = most; taken > 0; taken--)
      ways[taken] = (ways[taken] ?? 0) + (ways[taken - 1] ? (ways[taken - 1] ?? 0) * count : 0);
  let orders = 1;
  let total = 0;
  for (let taken = 0; taken <= most; taken++) {
    orders *= Math.max(1, taken);
    if (taken >= least) total += orders * (ways[taken] ?? 0);
  }
  return total;
}
