/** One phrase of a prompt, between commas and joining words: its thing, and what the other words say about it. */
import { type Found, findThing } from './find-thing.ts';
import { type Context, joined, type Modifiers, type Phrase } from './phrase.ts';
import { senseOf } from './sense.ts';
import type { Reading, Thing } from './thing.ts';
import type { Token } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';
import { ALSO_THINGS, COLOURS, type ColourWord } from './words/colours.ts';
import {
  ACTIONS,
  COUNTS,
  DESCRIPTIVE,
  IDLE,
  isModifier,
  type Join,
  MATERIALS,
  SIZES,
} from './words/grammar.ts';
import { CREATURE_KINDS, FORMATS, KINDS, LEVELS, PARTS, TEXTURE_HEADS } from './words/heads.ts';
import { GEMS, MANIFOLD, SCENERY, SKIES, toolOf } from './words/roles.ts';
import { STRANGERS } from './words/strangers.ts';

/** A noun that is more than a kind, a part or a way to show something. */
export const isRealThing = ({ text, breaks }: Token, vocabulary: Vocabulary): boolean =>
  !breaks &&
  !isModifier(text) &&
  !KINDS.has(text) &&
  !FORMATS.has(text) &&
  !PARTS.has(text) &&
  (vocabulary.named(text) ?? vocabulary.described(text)) !== undefined;

export function readPhrase(phrase: Phrase, reading: Reading, context: Context): void {
  if (ACTIONS.has(phrase.said)) reading.notDrawn.push(phrase.said);
  const { modifiers, content } = sortWords(phrase, reading, context);
  if (framesWidget(phrase, content, modifiers, reading)) return;
  if (isOfWhatWasNamed(phrase, content, reading)) {
    notePart(phrase, content, reading);
    return;
  }
  if (content.length === 0 && modifiers.couldBe.length > 0 && isAlone(phrase, reading))
    content.push(modifiers.couldBe.at(-1) as string);
  const found = content.length > 0 ? findThing(content, phrase, reading, context) : undefined;
  if (found === undefined) {
    if (phrase.join !== 'filled') lend(modifiers, reading, context);
    return;
  }
  takeLent(modifiers, reading, context);
  if (joinedToOne(found, phrase, modifiers, reading, context)) return;
  if ((phrase.join === 'of' || phrase.join === 'filled') && reading.things.length > 0) {
    const { word, hints } = previous(reading);
    const isCue = senseOf(word, context.said, context.vocabulary)?.cues.has(found.word);
    hints.push(...found.hints, ...(isCue ? [] : [joined([...modifiers.colourWords, found.word])]));
    return;
  }
  reading.things.push(thingOf(found, phrase, modifiers, reading, context.vocabulary));
  addCompany(found, reading, context);
}

const previous = (reading: Reading): Thing => reading.things.at(-1) as Thing;

function sortWords(phrase: Phrase, reading: Reading, context: Context) {
  const modifiers: Modifiers = { count: 1, size: 1, couldBe: [], colourWords: [] };
  const content: string[] = [];
  const kinds: { word: string; leads: boolean }[] = [];
  for (const [at, word] of phrase.words.entries()) {
    const after = phrase.words.slice(at + 1);
    if (STRANGERS.has(word)) reading.unknown.push(word);
    else if (FORMATS.has(word)) {
      if (!(context.asTexture && TEXTURE_HEADS.has(word))) reading.notDrawn.push(word);
    } else if (KINDS.has(word) && !context.kindsAreThings) {
      kinds.push({ word, leads: content.length === 0 && after.some((next) => !isModifier(next)) });
    } else if (
      isNumberOfRank(word, phrase.words[at - 1], after) ||
      (content.length > 0 && isNumberOfName(word, after)) ||
      (LEVELS.has(word) && /^\d+$/.test(after[0] ?? ''))
    ) {
      reading.idle.push(word);
    } else if (!readModifier(word, after, modifiers, reading, context.vocabulary)) content.push(word);
  }
  sortKinds(kinds, phrase, content, reading, context.vocabulary);
  return { modifiers, content };
}

/** "level 3", "shield 2", "4 frames": a number is a count only if a countable thing follows. */
const isNumberOfRank = (word: string, before: string | undefined, after: string[]): boolean =>
  (/^\d+$/.test(word) && (LEVELS.has(before ?? '') || !after.some(canBeCounted))) ||
  /^(lv|lvl|mk|v|t)\d+$/.test(word) ||
  /^\d+(k|p|fps|px|mm|bit|bits|d|st|nd|rd|th)$/.test(word);

/** "queue 2 dragon castle": after a noun a number counts only a plural, as in "dragon 2 castles". */
const isNumberOfName = (word: string, after: string[]): boolean =>
  /^\d+$/.test(word) && !/[^s]s$/.test(after.findLast((next) => !isModifier(next)) ?? '');

const canBeCounted = (word: string): boolean => !COUNTS.has(word) && !IDLE.has(word) && !FORMATS.has(word);

/** A kind is ignored beside a noun. Joined by a word of its own ("a knight and a monster") it is a thing. */
function sortKinds(
  kinds: { word: string; leads: boolean }[],
  { join, said }: Phrase,
  content: string[],
  reading: Reading,
  vocabulary: Vocabulary,
): void {
  for (const { word, leads } of kinds) {
    const isThing =
      content.length === 0 && said !== ',' && said !== '' && join !== 'of' && reading.things.length > 0;
    if (isThing && CREATURE_KINDS.has(word) && vocabulary.named(word) !== undefined) content.push(word);
    else if (leads && CREATURE_KINDS.has(word)) reading.notDrawn.push(word);
    else reading.idle.push(word);
  }
}

/** "a health bar with a wooden frame". */
function framesWidget({ join }: Phrase, content: string[], modifiers: Modifiers, reading: Reading): boolean {
  const host = reading.things.at(-1);
  if (join !== 'with' || host?.meaning.topic !== 'own' || !FRAMES.has(joined(content))) return false;
  host.material ??= modifiers.material;
  return true;
}

const FRAMES = new Set(['frame', 'border', 'rim', 'trim', '边框', '框']);

/** "with laser eyes", "in the hilt": a part of the thing before, as drawn. */
function isOfWhatWasNamed({ join, said, words }: Phrase, content: string[], reading: Reading): boolean {
  if (reading.things.length === 0 || content.length === 0) return false;
  const last = content.at(-1) as string;
  return (
    PARTS.has(last) && (said === ',' || ['with', 'on', 'of', 'under'].includes(join) || words.length === 1)
  );
}

function notePart({ words }: Phrase, content: string[], reading: Reading): void {
  const thing = previous(reading);
  const host = thing.join === 'inset' || thing.join === 'emblem' ? (reading.things.at(-2) ?? thing) : thing;
  const coloured = words.some((word) => COLOURS.has(word) || MATERIALS.has(word));
  if (thing !== host && content.length === 1) return;
  if (coloured || content.length > 1)
    reading.notDrawn.push(joined(words.filter((word) => !IDLE.has(word) && word !== '的')));
  else host.hints.push(content[0] as string);
}

function thingOf(
  found: Found,
  phrase: Phrase,
  modifiers: Modifiers,
  reading: Reading,
  vocabulary: Vocabulary,
): Thing {
  const { count, size } = modifiers;
  modifiers.colour ??= colourWithin(found.hints);
  // An orange is not an orange orange: the word that became the thing no longer colours it.
  const colour = COLOURS.get(found.word) === modifiers.colour ? undefined : modifiers.colour;
  const material = MATERIALS.get(found.word) === modifiers.material ? undefined : modifiers.material;
  const { word, meaning, hints } = found;
  const thing = { word, meaning, hints, colour, material, size };
  if (reading.things.length === 0) return { ...thing, count, join: 'and' };
  const join = joinFor(found.word, phrase.join);
  if (join === 'inset') {
    // A purple crystal is visible on wood, not on a purple staff.
    const host = previous(reading);
    if (host.colour === undefined) host.material ??= host.meaning.materials[0];
    return { ...thing, meaning: vocabulary.stone(meaning), count, join };
  }
  return { ...thing, count: join === 'behind' && count === 1 && MANIFOLD.has(word) ? 3 : count, join };
}

function joinFor(word: string, join: Join): Join {
  if (SKIES.has(word)) return 'sky';
  if (join === 'on' && SCENERY.has(word)) return 'behind';
  return GEMS.has(word) && join === 'with' ? 'inset' : join;
}

/** "a scroll with a map" is a map scroll, if the library has one; "a staff with a crystal" may be a crystal staff. */
function joinedToOne(
  found: Found,
  { join }: Phrase,
  modifiers: Modifiers,
  reading: Reading,
  { vocabulary }: Context,
): boolean {
  const joins = ['with', 'of', 'filled'].includes(join);
  if (!joins || reading.things.length === 0 || GEMS.has(found.word)) return false;
  const host = previous(reading);
  const last = found.word.split(' ').at(-1) as string;
  const meaning =
    vocabulary.named(joined([found.word, host.word])) ?? vocabulary.named(joined([last, host.word]));
  if (meaning === undefined || modifiers.count > 1) return false;
  host.word = `${host.word} + ${found.word}`;
  host.meaning = meaning;
  host.colour ??= modifiers.colour;
  host.hints.push(...found.hints);
  return true;
}

/** The drawing that a hint adds: a goblin archer's bow, the skull on a potion. */
function addCompany({ company }: Found, reading: Reading, { vocabulary }: Context): void {
  if (company === undefined) return;
  const { word, join } = company;
  const drawn = join === 'with' ? (toolOf(word, /[\u3400-\u9fff]/.test(word)) ?? word) : word;
  const meaning = vocabulary.named(drawn);
  if (meaning === undefined) return;
  reading.things.push({
    word,
    meaning,
    hints: [],
    colour: undefined,
    material: undefined,
    size: 1,
    count: 1,
    join,
  });
}

/** A red potion is a thing of its own; of a red potion bottle, "red potion" is a hint, and the bottle is red. */
const colourWithin = (hints: string[]): ColourWord | undefined =>
  hints
    .flatMap((hint) => hint.split(' '))
    .map((word) => COLOURS.get(word))
    .find((colour) => colour !== undefined);

/** "gold", "on fire": with nothing else in its part, a material is the thing, unless it colours what was named before. */
const isAlone = (phrase: Phrase, reading: Reading): boolean =>
  reading.things.length === 0 || (phrase.join !== 'of' && phrase.join !== 'filled');

function readModifier(
  word: string,
  after: string[],
  modifiers: Modifiers,
  reading: Reading,
  vocabulary: Vocabulary,
): boolean {
  const count = COUNTS.get(word.replace(/^x(\d+)$|^(\d+)x$/, '$1$2'));
  const size = SIZES.get(word);
  const colour = COLOURS.get(word);
  const material = MATERIALS.get(word);
  if (count !== undefined) modifiers.count = count;
  else if (size !== undefined) modifiers.size = size;
  else if (DESCRIPTIVE.has(word)) reading.notDrawn.push(word);
  else if (IDLE.has(word)) reading.idle.push(word);
  else if (colour !== undefined) {
    if (ALSO_THINGS.has(word) && vocabulary.named(word) !== undefined) modifiers.couldBe.push(word);
    if (modifiers.colour !== undefined && modifiers.colour !== colour) reading.notDrawn.push(word);
    modifiers.colourWords.push(word);
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

/** "a dragon, red": a lone modifier belongs to the thing before it, or to the first one. */
function lend(modifiers: Modifiers, reading: Reading, context: Context): void {
  const thing = reading.things.findLast(({ join }) => join !== 'emblem' && join !== 'inset');
  if (thing === undefined) {
    context.lent.push(modifiers);
    return;
  }
  if (thing.colour !== undefined && modifiers.colour !== undefined && thing.colour !== modifiers.colour)
    reading.notDrawn.push(...modifiers.colourWords);
  thing.colour ??= modifiers.colour;
  thing.material ??= modifiers.material;
  if (thing.size === 1) thing.size = modifiers.size;
  if (thing.count === 1) thing.count = modifiers.count;
}

/** "red and blue shield": a thing has one colour, its nearest. */
function takeLent(modifiers: Modifiers, reading: Reading, { lent }: Context): void {
  for (const { colour, colourWords, material, count, size } of lent.splice(0)) {
    if (colour !== undefined && modifiers.colour !== undefined) reading.notDrawn.push(...colourWords);
    modifiers.colour ??= colour;
    modifiers.material ??= material;
    if (modifiers.count === 1) modifiers.count = count;
    if (modifiers.size === 1) modifiers.size = size;
  }
}
