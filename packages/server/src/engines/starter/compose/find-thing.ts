/** Finds the thing that a phrase names, and sorts the words beside it. */
import { type Context, joined, type Phrase } from './phrase.ts';
import { senseOf } from './sense.ts';
import type { Reading } from './thing.ts';
import { forms, type Meaning, type Vocabulary } from './vocabulary.ts';
import type { Join } from './words/grammar.ts';
import { FORMATS, KINDS, PARTS } from './words/heads.ts';
import { EMBLEMS, MOUNTS, toolOf } from './words/roles.ts';

export interface Found {
  word: string;
  meaning: Meaning;
  hints: string[];
  /** A hint that becomes a drawing of its own. */
  company?: { word: string; join: Join };
}

/**
 * The thing of a phrase is its last known noun: a wizard hat is a hat. Names are tried first over every stretch of words,
 * then tags and parts of names, then spelling. Behind a comma only a name makes another thing.
 */
export function findThing(
  said: string[],
  phrase: Phrase,
  reading: Reading,
  context: Context,
): Found | undefined {
  const { vocabulary } = context;
  const words = said.filter((word) => isShown(word, context));
  reading.unknown.push(...said.filter((word) => !words.includes(word)));
  const texture = context.asTexture && lastStretch(words, (words) => vocabulary.texture(words));
  if (texture) return withHints(words, texture, reading, vocabulary);
  const named = lastStretch(words, (phrase) => meaningOf(phrase, context));
  if (named !== undefined)
    return withCompany(
      withHints(words, named, reading, vocabulary, cuesOf(words, named, context)),
      vocabulary,
    );
  // What is left of "spring season" is no thing.
  if (words.length < said.length) {
    reading.unknown.push(...words);
    return undefined;
  }
  const parted = words.flatMap((word) => vocabulary.compound(word) ?? [word]);
  const part = parted.length > words.length && lastStretch(parted, (phrase) => vocabulary.named(phrase));
  if (part) return withCompany(withHints(parted, part, reading, vocabulary), vocabulary);
  const aside = phrase.said === ',' && reading.things.length > 0;
  const described = aside
    ? undefined
    : lastStretch(words, (phrase) => (isNoThing(phrase) ? undefined : vocabulary.described(phrase)));
  if (described !== undefined) return withHints(words, described, reading, vocabulary);
  for (const word of [...words].reverse()) {
    const spelt = vocabulary.misspelt(word);
    if (spelt === undefined) continue;
    const { meaning } = spelt;
    const at = words.indexOf(word);
    return withHints(words, { from: at, to: at + 1, meaning }, reading, vocabulary);
  }
  reading.unknown.push(...words);
  return undefined;
}

/** False if the word has a sense here that the library does not show. */
const isShown = (word: string, { said, vocabulary }: Context): boolean =>
  senseOf(word, said, vocabulary)?.meaning !== null;

const meaningOf = (phrase: string, { said, vocabulary }: Context): Meaning | undefined =>
  senseOf(phrase, said, vocabulary)?.meaning ?? vocabulary.named(phrase);

/** The words that chose the sense; directly beside the word they are part of it: the crossbow of a crossbow bolt. */
const cuesOf = (words: string[], { from, to }: Stretch, { said, vocabulary }: Context): ReadonlySet<string> =>
  senseOf(joined(words.slice(from, to)), said, vocabulary)?.cues ?? new Set();

/** Tags alone mislead for such words: no tongue for a body, no window for a view. */
const isNoThing = (word: string): boolean => KINDS.has(word) || FORMATS.has(word) || PARTS.has(word);

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

function withHints(
  words: string[],
  { from, to, meaning }: Stretch,
  reading: Reading,
  vocabulary: Vocabulary,
  cues: ReadonlySet<string> = new Set(),
): Found {
  const isCue = (word: string, at: number): boolean =>
    (at === from - 1 || at === to) && forms(word).some((form) => cues.has(form));
  const beside = words.filter((word, at) => (at < from || at >= to) && !isCue(word, at));
  const isKnown = (hint: string): boolean =>
    vocabulary.named(hint) !== undefined || vocabulary.described(hint) !== undefined;
  for (const hint of beside) if (!isKnown(hint)) reading.unknown.push(hint);
  return { word: joined(words.slice(from, to)), meaning, hints: beside.filter(isKnown) };
}

/** One hint may be drawn too: what a creature holds, or a sign on the thing. */
function withCompany(found: Found, vocabulary: Vocabulary): Found {
  const { word, meaning, hints } = found;
  const isAbout = (hint: string): boolean =>
    meaning.concepts.some(({ concept }) => vocabulary.about(concept, hint));
  const chinese = /[\u3400-\u9fff]/.test(word);
  const free = hints.filter((hint) => !isAbout(hint));
  const being = free.find((hint) => isCreature(hint, vocabulary));
  if (being !== undefined && toolOf(word, chinese) !== undefined && meaning.topic === 'creatures') {
    const left = hints.filter((hint) => hint !== being);
    if (MOUNTS.has(being)) return { ...found, hints: left, company: { word: being, join: 'and' } };
    return {
      word: being,
      meaning: vocabulary.named(being) as Meaning,
      hints: left,
      company: { word, join: 'with' },
    };
  }
  const sign = free.findLast((hint) => EMBLEMS.has(hint) || isCreature(hint, vocabulary));
  if (sign === undefined || (meaning.topic !== 'items' && meaning.topic !== 'weapons')) return found;
  return { ...found, hints: hints.filter((hint) => hint !== sign), company: { word: sign, join: 'emblem' } };
}

const isCreature = (word: string, vocabulary: Vocabulary): boolean =>
  vocabulary.named(word)?.topic === 'creatures';
