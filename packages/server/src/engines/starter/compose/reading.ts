/**
 * Reads a prompt: which things, each with its colour, count and size, how they stand together, in which style, on what
 * ground. Says of every word what became of it.
 */

import { type Token, tokens } from './tokens.ts';
import type { Meaning, Vocabulary } from './vocabulary.ts';
import { ALSO_THINGS, COLOURS, type ColourWord } from './words/colours.ts';
import {
  BACKGROUNDS,
  COUNTS,
  IDLE,
  JOINS,
  type Join,
  MATERIALS,
  PLATES,
  type Plate,
  SIZES,
  STYLES,
  type Style,
  TRANSPARENT,
} from './words/grammar.ts';

export interface Thing {
  /** As typed. */
  word: string;
  meaning: Meaning;
  /** Other words of the same phrase; they tip the choice among icons. */
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
  /** Words passed over: mood, grammar. */
  idle: string[];
}

interface Part {
  join: Join;
  words: string[];
}

export function readPrompt(prompt: string, vocabulary: Vocabulary): Reading {
  const reading: Reading = {
    things: [],
    style: undefined,
    plate: 'none',
    plateColour: undefined,
    unknown: [],
    idle: [],
  };
  const rest = takeGround(takeStyle(tokens(prompt, vocabulary), reading), reading, vocabulary);
  const parts = splitParts(rest);
  for (const part of parts) readPart(part, reading, vocabulary);
  if (reading.things.length === 0) reviveIdle(reading, vocabulary);
  return reading;
}

function takeStyle(list: Token[], reading: Reading): Token[] {
  return list.filter(({ text }) => {
    const style = STYLES.get(text);
    if (style === undefined) return true;
    reading.style ??= style;
    return false;
  });
}

/** Takes out the words about the ground: "on a blue background", "蓝色背景", "on a round badge". */
function takeGround(list: Token[], reading: Reading, vocabulary: Vocabulary): Token[] {
  const out = [...list];
  for (let at = 0; at < out.length; at++) {
    const text = (out[at] as Token).text;
    const plate = PLATES.get(text);
    const ground = BACKGROUNDS.has(text) || TRANSPARENT.has(text);
    if (!ground && (plate === undefined || !hasThing(out, at, vocabulary))) continue;
    if (!TRANSPARENT.has(text)) reading.plate = plate ?? (reading.plate === 'none' ? 'full' : reading.plate);
    const from = ground || plate !== undefined ? startOfGround(out, at, reading, vocabulary) : at;
    let to = at + 1;
    const after = out[to] && COLOURS.get((out[to] as Token).text);
    if (
      ground &&
      reading.plateColour === undefined &&
      after !== undefined &&
      !thingFollows(out, to + 1, vocabulary)
    ) {
      reading.plateColour = after;
      to++;
    }
    out.splice(from, to - from);
    at = from - 1;
  }
  return out;
}

/** Walks back over colour, article and preposition that belong to the ground. */
function startOfGround(list: Token[], at: number, reading: Reading, vocabulary: Vocabulary): number {
  let from = at;
  while (from > 0) {
    const token = list[from - 1] as Token;
    const colour = COLOURS.get(token.text);
    if (colour !== undefined && reading.plateColour === undefined) reading.plateColour = colour;
    else if (JOINS.has(token.text)) return from - 1;
    else if (
      token.breaks ||
      !(IDLE.has(token.text) || SIZES.has(token.text) || MATERIALS.has(token.text)) ||
      vocabularyWord(token.text, vocabulary)
    )
      break;
    from--;
  }
  return from;
}

const vocabularyWord = (text: string, vocabulary: Vocabulary): boolean =>
  !IDLE.has(text) && vocabulary.named(text) !== undefined;

const isThing = (token: Token, vocabulary: Vocabulary): boolean =>
  !token.breaks &&
  !isModifier(token.text) &&
  !PLATES.has(token.text) &&
  vocabulary.named(token.text) !== undefined;

const hasThing = (list: Token[], except: number, vocabulary: Vocabulary): boolean =>
  list.some(
    (token, at) =>
      at !== except && (isThing(token, vocabulary) || (MATERIALS.has(token.text) && at < except)),
  );

const thingFollows = (list: Token[], from: number, vocabulary: Vocabulary): boolean =>
  list.slice(from).some((token) => isThing(token, vocabulary));

const isModifier = (text: string): boolean =>
  COLOURS.has(text) ||
  MATERIALS.has(text) ||
  COUNTS.has(text) ||
  SIZES.has(text) ||
  IDLE.has(text) ||
  JOINS.has(text);

function splitParts(list: Token[]): Part[] {
  const parts: Part[] = [{ join: 'and', words: [] }];
  for (const { text, breaks } of list) {
    const join = breaks ? 'and' : JOINS.get(text);
    if (join !== undefined) parts.push({ join, words: [] });
    else (parts.at(-1) as Part).words.push(text);
  }
  return parts.filter(({ words }) => words.length > 0);
}

interface Modifiers {
  colour?: ColourWord;
  material?: string;
  count: number;
  size: number;
  /** Modifier words that could be things themselves. */
  couldBe: string[];
}

function readPart(part: Part, reading: Reading, vocabulary: Vocabulary): void {
  const modifiers: Modifiers = { count: 1, size: 1, couldBe: [] };
  const content: string[] = [];
  for (const [at, word] of part.words.entries()) {
    if (!readModifier(word, part.words.slice(at + 1), modifiers, reading, vocabulary)) content.push(word);
  }
  if (content.length === 0 && modifiers.couldBe.length > 0 && isAlone(part, reading))
    content.push(modifiers.couldBe.at(-1) as string);
  const found = content.length > 0 ? resolve(content, reading, vocabulary) : undefined;
  if (found === undefined) {
    if (part.join !== 'filled') lendToPrevious(modifiers, reading);
    return;
  }
  if ((part.join === 'of' || part.join === 'filled') && reading.things.length > 0) {
    (reading.things.at(-1) as Thing).hints.push(found.word);
    return;
  }
  const { count, size } = modifiers;
  modifiers.colour ??= colourWithin(found.hints);
  // An orange is not an orange orange: the word that became the thing no longer colours it.
  const colour = COLOURS.get(found.word) === modifiers.colour ? undefined : modifiers.colour;
  const material = MATERIALS.get(found.word) === modifiers.material ? undefined : modifiers.material;
  const join = reading.things.length === 0 ? 'and' : part.join;
  reading.things.push({ ...found, colour, material, count, size, join });
}

/** A red potion is a thing of its own; of a red potion bottle, "red potion" is a hint, and the bottle is red. */
const colourWithin = (hints: string[]): ColourWord | undefined =>
  hints
    .flatMap((hint) => hint.split(' '))
    .map((word) => COLOURS.get(word))
    .find((colour) => colour !== undefined);

/** "gold", "on fire": with nothing else in its part, a material is the thing, unless it colours what was named before. */
const isAlone = (part: Part, reading: Reading): boolean =>
  reading.things.length === 0 || (part.join !== 'of' && part.join !== 'filled');

function readModifier(
  word: string,
  after: string[],
  modifiers: Modifiers,
  reading: Reading,
  vocabulary: Vocabulary,
): boolean {
  const count = COUNTS.get(word);
  const size = SIZES.get(word);
  const colour = COLOURS.get(word);
  const material = MATERIALS.get(word);
  if (count !== undefined) modifiers.count = count;
  else if (size !== undefined) modifiers.size = size;
  else if (IDLE.has(word)) reading.idle.push(word);
  else if (colour !== undefined) {
    if (ALSO_THINGS.has(word) && vocabulary.named(word) !== undefined) modifiers.couldBe.push(word);
    modifiers.colour ??= colour;
  } else if (
    material !== undefined &&
    (after.some((next) => !isModifier(next)) || !known(word, vocabulary))
  ) {
    modifiers.material ??= material;
  } else if (material !== undefined) {
    if (known(word, vocabulary)) modifiers.couldBe.push(word);
    modifiers.material ??= material;
  } else return false;
  return true;
}

const known = (word: string, vocabulary: Vocabulary): boolean => vocabulary.named(word) !== undefined;

/** "a dragon, red": what stands alone belongs to the thing before it. */
function lendToPrevious(modifiers: Modifiers, reading: Reading): void {
  const thing = reading.things.at(-1);
  if (thing === undefined) return;
  thing.colour ??= modifiers.colour;
  thing.material ??= modifiers.material;
  if (thing.size === 1) thing.size = modifiers.size;
  if (thing.count === 1) thing.count = modifiers.count;
}

interface Found {
  word: string;
  meaning: Meaning;
  hints: string[];
}

/**
 * The thing of a phrase is its last known noun: a wizard hat is a hat. Names are tried first over every stretch of words,
 * then tags and parts of names, then spelling.
 */
function resolve(words: string[], reading: Reading, vocabulary: Vocabulary): Found | undefined {
  const named = lastStretch(words, (phrase) => vocabulary.named(phrase));
  if (named !== undefined) return withHints(words, named, reading, vocabulary);
  const compound = words.map((word) => vocabulary.compound(word)).find((pair) => pair !== undefined);
  if (compound !== undefined)
    return { word: compound[1], meaning: vocabulary.named(compound[1]) as Meaning, hints: [compound[0]] };
  const described = lastStretch(words, (phrase) => vocabulary.described(phrase));
  if (described !== undefined) return withHints(words, described, reading, vocabulary);
  for (const word of [...words].reverse()) {
    const spelt = vocabulary.misspelt(word);
    if (spelt !== undefined)
      return { word, meaning: spelt.meaning, hints: words.filter((other) => other !== word) };
  }
  reading.unknown.push(...words);
  return undefined;
}

interface Stretch {
  from: number;
  to: number;
  meaning: Meaning;
}

function lastStretch(words: string[], find: (phrase: string) => Meaning | undefined): Stretch | undefined {
  for (let to = words.length; to > 0; to--) {
    for (let from = 0; from < to; from++) {
      const meaning = find(joined(words.slice(from, to)));
      if (meaning !== undefined) return { from, to, meaning };
    }
  }
  return undefined;
}

const joined = (words: string[]): string =>
  words.join(words.every((word) => /[a-z0-9]$/.test(word)) ? ' ' : '');

function withHints(
  words: string[],
  { from, to, meaning }: Stretch,
  reading: Reading,
  vocabulary: Vocabulary,
): Found {
  const hints = words.filter((_, at) => at < from || at >= to);
  for (const hint of hints)
    if (vocabulary.named(hint) === undefined && vocabulary.described(hint) === undefined)
      reading.unknown.push(hint);
  return { word: joined(words.slice(from, to)), meaning, hints };
}

/** "cute baby", "broken": where nothing else was a thing, a word passed over may be one. */
function reviveIdle(reading: Reading, vocabulary: Vocabulary): void {
  for (const word of [...reading.idle].reverse()) {
    const meaning = word.length > (/[a-z]/.test(word) ? 2 : 1) ? vocabulary.named(word) : undefined;
    if (meaning === undefined) continue;
    reading.things.push({
      word,
      meaning,
      hints: [],
      colour: undefined,
      material: undefined,
      size: 1,
      count: 1,
      join: 'and',
    });
    reading.idle = reading.idle.filter((other) => other !== word);
    return;
  }
}
