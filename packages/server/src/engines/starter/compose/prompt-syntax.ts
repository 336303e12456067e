/** Prompt syntax of other programs: weights, LoRA tags, choices, flags. Removed before the words are read. */
import { PROMPT_TAGS } from '@limner/contract';
import { hash, pickSpread } from './random.ts';

export interface PlainPrompt {
  text: string;
  /** What was removed and has no effect, as typed. */
  taken: string[];
}

/** `big:1.3` before a bracket closes, and a weight at the end of a phrase. */
const WEIGHTS = /:\s*[+-]?\d*\.?\d+\s*(?=[)\]},，]|$)/gm;
const CHOICE = /\{([^{}]*)\}/;
const SCHEDULED = /\[([^[\]]*)\]/;

/** The seed chooses one of `{a|b}`. */
export function plainPrompt(prompt: string, seed: number): PlainPrompt {
  const taken: string[] = [];
  const untagged = prompt.replace(PROMPT_TAGS, (tag) => {
    taken.push(tag.trim());
    return ' ';
  });
  const chosen = resolved(untagged, CHOICE, (inside, at) => choose(inside, seed, at));
  const fixed = resolved(chosen.replace(WEIGHTS, ''), SCHEDULED, lastOf);
  return { text: fixed.replace(/\bBREAK\b/g, ',').replace(/\\?[()]/g, ' '), taken };
}

/** Innermost brackets first. */
function resolved(text: string, bracket: RegExp, replace: (inside: string, at: number) => string): string {
  let left = text;
  for (let at = 0; at < MOST_BRACKETS && bracket.test(left); at++)
    left = left.replace(bracket, (_, inside: string) => replace(inside, at));
  return left;
}

const MOST_BRACKETS = 200;

function choose(inside: string, seed: number, at: number): string {
  const choices = inside.split('|').map((choice) => {
    const [, weight, words = choice] = /^\s*([\d.]+)::(.*)$/s.exec(choice) ?? [];
    return { words, weight: Number(weight ?? 1) || 1 };
  });
  return pickSpread(choices, ({ weight }) => weight, seed, `${at}${hash(inside)}`).words;
}

/** `[from:to:0.5]` becomes `to`, `[a|b]` becomes a. */
const lastOf = (inside: string): string => {
  const [first = ''] = inside.split('|');
  const steps = first.split(':').filter((part) => !/^\s*[\d.]+\s*$/.test(part));
  return steps.at(-1) ?? '';
};
