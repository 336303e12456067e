/** Chooses the icon for a thing: always one that shows it, another one for another seed. */
import type { Concept, Icon, Library } from './library.ts';
import { hash, pickSpread } from './random.ts';
import type { Reading, Thing } from './reading.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Style } from './words/grammar.ts';

export interface Role {
  thing: Thing;
  icon: Icon;
  concept: Concept;
}

const SET_WEIGHTS: Record<string, number> = {
  glossy: 1.25,
  noto: 0.75,
  flat: 0.45,
  classic: 0.12,
  game: 0.8,
  ui: 0.9,
  office: 0.3,
};
/** Some styles want drawings made of plain shapes. */
const BY_STYLE: Partial<Record<Style, Record<string, number>>> = {
  flat: { glossy: 0, noto: 0.25, flat: 1, classic: 0.05, game: 0.5, ui: 0.2, office: 0.5 },
  glossy: { glossy: 1, noto: 0.02, flat: 0.01, classic: 0.01, game: 0.35, ui: 0.4, office: 0.01 },
  outline: { glossy: 0, noto: 0.6, flat: 1, classic: 0.1, game: 0.5, ui: 0.1, office: 0.5 },
  neon: { glossy: 0, noto: 0.25, flat: 1, classic: 0.1, game: 0.6, ui: 0.1, office: 0.5 },
  pixel: { glossy: 0.35, noto: 1, flat: 0.9, classic: 0.3, game: 0.6, ui: 0.3, office: 0.5 },
  watercolour: { glossy: 0.3, noto: 1, flat: 0.5, classic: 0.2, game: 0.5, ui: 0.3, office: 0.3 },
  papercut: { glossy: 0, noto: 0.7, flat: 1, classic: 0.2, game: 0.5, ui: 0, office: 0.6 },
  silhouette: { glossy: 0.05, noto: 0.5, flat: 0.4, classic: 0.1, game: 2.4, ui: 0.3, office: 0.3 },
  sticker: { glossy: 0.8, noto: 1, flat: 0.8, classic: 0.3, game: 0.6, ui: 0.5, office: 0.4 },
};

export function cast(reading: Reading, library: Library, vocabulary: Vocabulary, seed: number): Role[] {
  return reading.things.map((thing) => {
    const icon = chooseIcon(thing, reading.style, library, vocabulary, seed);
    return { thing, icon, concept: library.concepts[icon.concept] as Concept };
  });
}

/**
 * A style word changes the style alone: the same thing is shown, by the same drawing where the style can work with it. Only
 * a silhouette goes by outlines that can be told apart, whatever the drawing.
 */
function chooseIcon(
  thing: Thing,
  style: Style | undefined,
  library: Library,
  vocabulary: Vocabulary,
  seed: number,
): Icon {
  const choices = thing.meaning.concepts.flatMap(({ concept, weight }) => {
    const fit = weight * hintWeight(thing, concept, vocabulary);
    return (library.concepts[concept] as Concept).icons.map((id) => ({ icon: library.icon(id), fit }));
  });
  const sets = style && BY_STYLE[style];
  if (style === 'silhouette' && sets) return pick(choices, sets, seed, thing.word);
  const plain = pick(choices, SET_WEIGHTS, seed, thing.word);
  if (!sets) return plain;
  const suits = ({ icon }: Choice) => weightIn(sets, icon) > 0;
  const same = choices.filter((choice) => choice.icon.concept === plain.concept && suits(choice));
  const most = Math.max(...same.map(({ icon }) => weightIn(sets, icon)));
  if (same.length > 0 && weightIn(sets, plain) >= most * WELCOME) return plain;
  return pick(same.length > 0 ? same : choices, sets, seed, thing.word);
}

interface Choice {
  icon: Icon;
  /** How well it shows the thing. */
  fit: number;
}

/** Of the weight of the best drawing for a style: what has so much is kept. */
const WELCOME = 0.3;
const weightIn = (sets: Record<string, number>, icon: Icon): number => sets[icon.set.id] ?? 0.1;

function pick(choices: Choice[], sets: Record<string, number>, seed: number, word: string): Icon {
  const weighed = choices.map(({ icon, fit }) => ({ icon, weight: fit * weightIn(sets, icon) }));
  const usable = weighed.filter(({ weight }) => weight > 0);
  const best = Math.max(...(usable.length > 0 ? usable : weighed).map(({ weight }) => weight));
  // A long tail of rare second choices would only be odd pictures.
  const good = (usable.length > 0 ? usable : weighed).filter(({ weight }) => weight >= best * 0.12);
  const shuffled = good.sort((a, b) => hash(`${a.icon.id}`) - hash(`${b.icon.id}`));
  return pickSpread(shuffled, ({ weight }) => Math.max(weight, 1e-6), seed, word).icon;
}

/** A second word that a concept also knows makes it much likelier: "poison" for a bottle. */
const hintWeight = (thing: Thing, concept: number, vocabulary: Vocabulary): number =>
  thing.hints.reduce((weight, hint) => weight * (vocabulary.about(concept, hint) ? 12 : 1), 1);
