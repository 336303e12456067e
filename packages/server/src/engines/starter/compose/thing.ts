/** The result of reading a prompt. */
import type { Meaning } from './vocabulary.ts';
import type { ColourWord } from './words/colours.ts';
import type { Join, Plate, Style } from './words/grammar.ts';

export interface Thing {
  /** As typed. */
  word: string;
  meaning: Meaning;
  /** Other words of the same phrase; they influence the choice of icon. Unused ones are reported as not drawn. */
  hints: string[];
  colour: ColourWord | undefined;
  material: string | undefined;
  size: number;
  count: number;
  join: Join;
}

export interface Reading {
  things: Thing[];
  style: Style | undefined;
  /** The word that asked for it. */
  styleWord?: string;
  plate: Plate;
  plateColour: ColourWord | undefined;
  /** Unknown words. */
  unknown: string[];
  /** Known words whose meaning is not in the picture. */
  notDrawn: string[];
  /** Ignored words: mood, grammar, kinds. */
  idle: string[];
}
