/** What a prompt asks for, as it was read. */
import type { Meaning } from './vocabulary.ts';
import type { ColourWord } from './words/colours.ts';
import type { Join, Plate, Style } from './words/grammar.ts';

export interface Thing {
  /** As typed. */
  word: string;
  meaning: Meaning;
  /** Other words of the same phrase; they tip the choice among icons. What tips none is told as not drawn. */
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
  plate: Plate;
  plateColour: ColourWord | undefined;
  /** Words nothing was found for. */
  unknown: string[];
  /** What was asked for and is not in the picture, though the words are known. */
  notDrawn: string[];
  /** Words passed over: mood, grammar, kinds. */
  idle: string[];
}
