/** Chooses the sense of a word by the words around it. */
import { forms, type Meaning, type Vocabulary } from './vocabulary.ts';
import { SENSES, type Sense } from './words/senses.ts';

export interface Chosen {
  /** Null: the library does not show this sense. */
  meaning: Meaning | null;
  /** The words that decided it. */
  cues: ReadonlySet<string>;
}

/** `said`: the words of the whole prompt. Undefined: the word has one sense. */
export function senseOf(word: string, said: readonly string[], vocabulary: Vocabulary): Chosen | undefined {
  const key = forms(word).find((form) => SENSES.has(form));
  const senses = key === undefined ? undefined : SENSES.get(key);
  if (senses === undefined) return undefined;
  const heard = (cue: string): boolean =>
    said.some((other, at) => forms(other).includes(cue.replace('=', '')) && isBeside(cue, word, said, at));
  const other = senses.others.find(({ cues }) => [...cues].some(heard));
  const chosen: Sense = other ?? { name: senses.usual ?? null, cues: new Set() };
  if (other === undefined && senses.usual === undefined) return undefined;
  const meaning = chosen.name === null ? null : vocabulary.named(chosen.name);
  if (meaning === undefined) throw new Error(`the sense ${chosen.name} of ${word} is not in the library`);
  return { meaning, cues: new Set([...chosen.cues].map((cue) => cue.replace('=', ''))) };
}

/** A cue with `=` counts only directly before the word; no word is a cue for itself. */
const isBeside = (cue: string, word: string, said: readonly string[], at: number): boolean =>
  cue.startsWith('=') ? said[at + 1] === word : said[at] !== word;
