/** Prompt syntax of other programs: weights, LoRA tags, flags. Removed before the words are read. */
import { PROMPT_TAGS } from '@limner/contract';

export interface PlainPrompt {
  text: string;
  /** What was removed and has no effect, as typed. */
  taken: string[];
}

/** `big:1.3` before a bracket closes, and a weight at the end of a phrase. */
const WEIGHTS = /:\s*[+-]?\d*\.?\d+\s*(?=[)\]},，]|$)/gm;
/** Choices are drawn before a prompt comes here; braces that are left mean emphasis to some programs. */
const BRACES = /[{}]/g;
const SCHEDULED = /\[([^[\]]*)\]/;

export function plainPrompt(prompt: string): PlainPrompt {
  const taken: string[] = [];
  const untagged = prompt.replace(PROMPT_TAGS, (tag) => {
    taken.push(tag.trim());
    return ' ';
  });
  const fixed = resolved(untagged.replace(BRACES, ' ').replace(WEIGHTS, ''), SCHEDULED, lastOf);
  return { text: fixed.replace(/\bBREAK\b/g, ',').replace(/\\?[()]/g, ' '), taken };
}

/** Innermost brackets first. */
function resolved(text: string, bracket: RegExp, replace: (inside: string) => string): string {
  let left = text;
  for (let at = 0; at < MOST_BRACKETS && bracket.test(left); at++)
    left = left.replace(bracket, (_, inside: string) => replace(inside));
  return left;
}

const MOST_BRACKETS = 200;

/** `[from:to:0.5]` becomes `to`, `[a|b]` becomes a. */
const lastOf = (inside: string): string => {
  const [first = ''] = inside.split('|');
  const steps = first.split(':').filter((part) => !/^\s*[\d.]+\s*$/.test(part));
  return steps.at(-1) ?? '';
};
