/**
 * Reads a prompt: which things, each with its colour, count and size, how they are arranged, in which style, on which
 * ground. Records how each word was used.
 */
import { takeGround } from './ground-words.ts';
import type { Phrase } from './phrase.ts';
import { isRealThing, readPhrase } from './read-phrase.ts';
import { furnish } from './scene.ts';
import type { Reading } from './thing.ts';
import { type Token, tokens } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';
import { isModifier, JOINS, POSTPOSED, STYLES } from './words/grammar.ts';
import { TEXTURE_HEADS } from './words/heads.ts';

/** @param isTile a texture is wanted, whether the prompt says so or not */
export function readPrompt(prompt: string, vocabulary: Vocabulary, isTile = false): Reading {
  const reading: Reading = {
    things: [],
    style: undefined,
    plate: 'none',
    plateColour: undefined,
    unknown: [],
    notDrawn: [],
    idle: [],
  };
  const said = tokens(prompt, vocabulary);
  const rest = takeGround(takeStyle(takeFigures(said, reading), reading), reading, vocabulary);
  const context = {
    vocabulary,
    kindsAreThings: !rest.some((token) => isRealThing(token, vocabulary)),
    asTexture: isTile || rest.some(({ text }) => TEXTURE_HEADS.has(text)),
    said: said.map(({ text }) => text),
    lent: [],
  };
  for (const phrase of phrasesOf(rest)) readPhrase(phrase, reading, context);
  if (context.asTexture && !reading.things.some(({ meaning }) => meaning.topic === 'own'))
    reading.notDrawn.push(...rest.map(({ text }) => text).filter((text) => TEXTURE_HEADS.has(text)));
  furnish(reading, context.said, vocabulary);
  if (reading.things.length === 0) reviveIdle(reading, vocabulary);
  reading.notDrawn.push(...context.lent.flatMap(({ colourWords }) => colourWords));
  return reading;
}

function takeFigures(list: Token[], reading: Reading): Token[] {
  return list.filter(({ text, figure }) => {
    if (figure) reading.idle.push(text);
    return !figure;
  });
}

function takeStyle(list: Token[], reading: Reading): Token[] {
  return list.filter(({ text }) => {
    const style = STYLES.get(text);
    if (style === undefined) return true;
    if (reading.style === undefined) {
      reading.style = style;
      reading.styleWord = text;
    }
    return false;
  });
}

function phrasesOf(list: Token[]): Phrase[] {
  const phrases: Phrase[] = [{ join: 'and', said: '', words: [] }];
  for (const { text, breaks } of list) {
    const join = breaks ? 'and' : JOINS.get(text);
    if (join !== undefined) phrases.push({ join, said: breaks ? ',' : text, words: [] });
    else (phrases.at(-1) as Phrase).words.push(text);
  }
  return holdersFirst(inEnglishOrder(phrases)).filter(({ words }) => words.length > 0);
}

/** 拿着剑的骷髅: the held thing comes first, its holder after 的. */
function holdersFirst(phrases: Phrase[]): Phrase[] {
  return phrases.flatMap((phrase, at) => {
    const cut = phrase.words.indexOf('的');
    const before = phrases[at - 1];
    const held = phrase.join === 'with' && cut > 0 && cut < phrase.words.length - 1;
    if (!held || before?.words.some((word) => !isModifier(word))) return [phrase];
    return [
      { join: 'and', said: '', words: phrase.words.slice(cut + 1) },
      { ...phrase, words: phrase.words.slice(0, cut) },
    ];
  });
}

/** 树上的猫: the place comes first and is joined to the next thing. */
function inEnglishOrder(phrases: Phrase[]): Phrase[] {
  const out = [...phrases];
  for (let at = 1; at < out.length; at++) {
    const [place, thing] = [out[at - 1] as Phrase, out[at] as Phrase];
    if (!POSTPOSED.has(thing.said) || thing.words.length === 0 || place.words.length === 0) continue;
    out[at - 1] = { ...thing, join: place.join, said: place.said };
    out[at] = { ...place, join: thing.join, said: thing.said };
  }
  return out;
}

/** "cute baby", "broken", "side view": if nothing else is a thing, an ignored word may be one. */
function reviveIdle(reading: Reading, vocabulary: Vocabulary): void {
  for (const word of [...reading.notDrawn, ...reading.idle].reverse()) {
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
    reading.notDrawn = reading.notDrawn.filter((other) => other !== word);
    return;
  }
}
