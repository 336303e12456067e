/** A phrase: the words between commas and joining words of a prompt. */
import type { Vocabulary } from './vocabulary.ts';
import type { ColourWord } from './words/colours.ts';
import type { Join } from './words/grammar.ts';

export interface Phrase {
  join: Join;
  /** The word that joins it to what came before. */
  said: string;
  words: string[];
}

export interface Context {
  vocabulary: Vocabulary;
  /** Nothing else in the prompt is a thing, so "a monster" is one. */
  kindsAreThings: boolean;
  /** "grass, seamless texture". */
  asTexture: boolean;
  /** The words of the whole prompt. */
  said: readonly string[];
  /** Words before the first thing: "red, a dragon". */
  lent: Modifiers[];
}

export interface Modifiers {
  colour?: ColourWord;
  /** As said. */
  colourWords: string[];
  material?: string;
  count: number;
  size: number;
  /** Modifiers that could also be things. */
  couldBe: string[];
}

export const joined = (words: string[]): string =>
  words.join(words.every((word) => /[a-z0-9]$/.test(word)) ? ' ' : '');
