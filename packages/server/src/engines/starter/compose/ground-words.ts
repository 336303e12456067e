/** The words of a prompt about the background. */
import { colourOf } from './materials.ts';
import type { Reading } from './thing.ts';
import type { Token } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';
import { COLOURS } from './words/colours.ts';
import {
  BACKGROUNDS,
  IDLE,
  isModifier,
  JOINS,
  MATERIALS,
  PLATES,
  SIZES,
  TRANSPARENT,
} from './words/grammar.ts';
import { FORMATS } from './words/heads.ts';

/** Takes out the words about the ground: "on a blue background", "蓝色背景", "on a round badge". */
export function takeGround(list: Token[], reading: Reading, vocabulary: Vocabulary): Token[] {
  const out = [...list];
  for (let at = 0; at < out.length; at++) {
    const text = (out[at] as Token).text;
    const plate = PLATES.get(text);
    const ground = BACKGROUNDS.has(text) || TRANSPARENT.has(text);
    if (!ground && (plate === undefined || !hasThing(out, at, vocabulary))) continue;
    if (BACKGROUNDS.has(text) && isScene(out, at, vocabulary)) reading.notDrawn.push(text);
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

/** Steps back over colour, article and preposition that belong to the ground. */
function startOfGround(list: Token[], at: number, reading: Reading, vocabulary: Vocabulary): number {
  let from = at;
  while (from > 0) {
    const token = list[from - 1] as Token;
    const colour = COLOURS.get(token.text);
    const material = MATERIALS.get(token.text);
    if (colour !== undefined && reading.plateColour === undefined) reading.plateColour = colour;
    else if (JOINS.has(token.text)) return from - 1;
    else if (
      token.breaks ||
      !(IDLE.has(token.text) || SIZES.has(token.text) || MATERIALS.has(token.text)) ||
      vocabularyWord(token.text, vocabulary)
    )
      break;
    else if (material !== undefined) reading.plateColour ??= colourOf(material);
    else reading.idle.push(token.text);
    from--;
  }
  return from;
}

/** "tavern background": a place, not a colour behind a thing. */
function isScene(list: Token[], at: number, vocabulary: Vocabulary): boolean {
  const before = list[at - 1];
  return before !== undefined && isThing(before, vocabulary);
}

const vocabularyWord = (text: string, vocabulary: Vocabulary): boolean =>
  !IDLE.has(text) && vocabulary.named(text) !== undefined;

const isThing = (token: Token, vocabulary: Vocabulary): boolean =>
  !token.breaks &&
  !isModifier(token.text) &&
  !PLATES.has(token.text) &&
  !FORMATS.has(token.text) &&
  vocabulary.named(token.text) !== undefined;

const hasThing = (list: Token[], except: number, vocabulary: Vocabulary): boolean =>
  list.some(
    (token, at) =>
      at !== except &&
      (isThing(token, vocabulary) || (ELEMENTS.has(MATERIALS.get(token.text) ?? '') && at < except)),
  );

/** A fire button shows fire; a wooden one is of wood. */
const ELEMENTS = new Set(['fire', 'ice', 'poison', 'arcane', 'shadow', 'holy', 'blood', 'leaf']);

const thingFollows = (list: Token[], from: number, vocabulary: Vocabulary): boolean =>
  list.slice(from).some((token) => isThing(token, vocabulary));
