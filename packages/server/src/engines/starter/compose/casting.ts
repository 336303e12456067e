/** Chooses an icon for each thing. The icon always shows the thing; another seed can choose another icon. */
import type { Concept, Icon, Library } from './library.ts';
import { hash, pickSpread } from './random.ts';
import type { StyleParams } from './style-params.ts';
import type { Thing } from './thing.ts';
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
  own: 1,
};
/** Some styles need drawings made of plain shapes. */
const BY_STYLE: Partial<Record<Style, Record<string, number>>> = {
  flat: { glossy: 0, noto: 0.25, flat: 1, classic: 0.05, game: 0.5, ui: 0.2, office: 0.5 },
  glossy: { glossy: 1, noto: 0.02, flat: 0.01, classic: 0.01, game: 0.35, ui: 0.4, office: 0.01 },
  outline: { glossy: 0, noto: 0.6, flat: 1, classic: 0.1, game: 0.5, ui: 0.1, office: 0.5 },
  neon: { glossy: 0, noto: 0.25, flat: 1, classic: 0.1, game: 0.6, ui: 0.1, office: 0.5 },
  pixel: { glossy: 0.35, noto: 1, flat: 0.9, classic: 0.3, game: 0.6, ui: 0.3, office: 0.5 },
  watercolour: { glossy: 0.3, noto: 1, flat: 0.5, classic: 0.2, game: 0.5, ui: 0.3, office: 0.3 },
  lowpoly: { glossy: 1, noto: 1, flat: 0.6, classic: 0.3, game: 0.8, ui: 0.5, office: 0.4 },
  papercut: { glossy: 0, noto: 0.7, flat: 1, classic: 0.2, game: 0.5, ui: 0, office: 0.6 },
  silhouette: { glossy: 0.05, noto: 0.5, flat: 0.4, classic: 0.1, game: 2.4, ui: 0.3, office: 0.3 },
  sticker: { glossy: 0.8, noto: 1, flat: 0.8, classic: 0.3, game: 0.6, ui: 0.5, office: 0.4 },
};

/** Which sets are used: one for all things, or one per thing. */
export interface Casting {
  roles: Role[];
  /** The set used for all things that it has; null: mixed. */
  set: string | null;
}

/** The things choose the set; the seed chooses only the drawing within it. */
export function cast(
  things: Thing[],
  params: { library: StyleParams['library']; style: Style | undefined },
  library: Library,
  vocabulary: Vocabulary,
  seed: number,
): Casting {
  const parts = things.map((thing) => ({ thing, choices: choicesFor(thing, library, vocabulary) }));
  const asked = params.library ?? 'auto';
  const plain = asked === 'auto' ? commonSet(parts.filter(isInSets), SET_WEIGHTS) : asked;
  const sets = params.style && BY_STYLE[params.style];
  const icons = parts.map((part) => pickIn(plain, part, SET_WEIGHTS, seed));
  if (sets === undefined || (asked !== 'auto' && asked !== 'mixed'))
    return casting(parts, icons, plain, library);
  if (plain === 'mixed') {
    const styled = parts.map((part, at) => restyled(part, icons[at] as Icon, sets, seed));
    return casting(parts, styled, plain, library);
  }
  const same = parts.map((part, at) => sameThing(part, icons[at] as Icon, params.style, sets));
  const chosen = keptOr(plain, same, sets);
  const styled = same.map((part) => pickIn(chosen, part, sets, seed));
  return casting(parts, styled, chosen, library);
}

interface CastPart {
  thing: Thing;
  choices: Choice[];
}

const casting = (parts: CastPart[], icons: Icon[], set: string, library: Library): Casting => ({
  set: set === 'mixed' ? null : set,
  roles: parts.map(({ thing }, at) => {
    const icon = icons[at] as Icon;
    return { thing, icon, concept: library.concepts[icon.concept] as Concept };
  }),
});

function choicesFor(thing: Thing, library: Library, vocabulary: Vocabulary): Choice[] {
  return thing.meaning.concepts.flatMap(({ concept, weight }) => {
    const fit = weight * hintWeight(thing, concept, vocabulary);
    return (library.concepts[concept] as Concept).icons.map((id) => ({ icon: library.icon(id), fit }));
  });
}

/** Share of the best weight; a drawing with less shows another thing. */
const FAR = 0.12;

/** Our own shapes fit every set. */
const isInSets = ({ choices }: CastPart): boolean => choices.some(({ icon }) => icon.own === undefined);

/** The set that shows most of all things together, by the weight that each thing loses with that set alone. */
function commonSet(parts: CastPart[], weights: Record<string, number>): string {
  const score = (set: string): number =>
    parts.reduce((product, { choices }) => product * Math.max(1e-4, shareOf(set, choices, weights)), 1);
  return Object.keys(weights).reduce((best, set) => (score(set) > score(best) ? set : best));
}

function shareOf(set: string, choices: Choice[], weights: Record<string, number>): number {
  const mass = (some: Choice[]): number =>
    some.reduce((sum, { icon, fit }) => sum + fit * weightIn(weights, icon), 0);
  const best = Math.max(...choices.map(({ fit }) => fit));
  const all = mass(choices);
  if (!choices.some(({ icon, fit }) => icon.set.id === set && fit >= best * FAR)) return 0;
  return all === 0 ? 0 : mass(choices.filter(({ icon }) => icon.set.id === set)) / all;
}

/** From that set if it has the thing, otherwise from the set that shows it best. */
function pickIn(set: string, part: CastPart, weights: Record<string, number>, seed: number): Icon {
  if (set === 'mixed') return pick(part.choices, weights, seed, part.thing.word);
  const has = part.choices.some(({ icon }) => icon.set.id === set);
  const from = has ? set : commonSet([part], weights);
  const own = part.choices.filter(({ icon }) => icon.set.id === from);
  return pick(own.length > 0 ? own : part.choices, weights, seed, part.thing.word);
}

/** A style changes only the style: the same thing is shown. A silhouette uses outlines of any drawing. */
function sameThing(
  part: CastPart,
  icon: Icon,
  style: Style | undefined,
  sets: Record<string, number>,
): CastPart {
  if (style === 'silhouette') return part;
  const same = part.choices.filter(
    (choice) => choice.icon.concept === icon.concept && weightIn(sets, choice.icon) > 0,
  );
  return same.length > 0 ? { ...part, choices: same } : part;
}

/** Keeps the set if the style can use it. */
function keptOr(plain: string, parts: CastPart[], sets: Record<string, number>): string {
  const has = (set: string): boolean =>
    parts.filter(isInSets).every(({ choices }) => choices.some(({ icon }) => icon.set.id === set));
  const most = Math.max(...Object.keys(sets).map((set) => (has(set) ? (sets[set] as number) : 0)));
  return has(plain) && (sets[plain] ?? 0) >= most * WELCOME ? plain : commonSet(parts.filter(isInSets), sets);
}

/** Each thing by itself, with the same drawing if the style can use it. */
function restyled(part: CastPart, plain: Icon, sets: Record<string, number>, seed: number): Icon {
  const { choices, thing } = part;
  const same = choices.filter(
    (choice) => choice.icon.concept === plain.concept && weightIn(sets, choice.icon) > 0,
  );
  const most = Math.max(...same.map(({ icon }) => weightIn(sets, icon)));
  if (same.length > 0 && weightIn(sets, plain) >= most * WELCOME) return plain;
  return pick(same.length > 0 ? same : choices, sets, seed, thing.word);
}

interface Choice {
  icon: Icon;
  /** How well it shows the thing. */
  fit: number;
}

/** Share of the best drawing's weight that a drawing needs to be kept for a style. */
const WELCOME = 0.3;
const weightIn = (sets: Record<string, number>, icon: Icon): number => sets[icon.set.id] ?? 0.1;

function pick(choices: Choice[], sets: Record<string, number>, seed: number, word: string): Icon {
  const weighed = choices.map(({ icon, fit }) => ({ icon, weight: fit * weightIn(sets, icon) }));
  const usable = weighed.filter(({ weight }) => weight > 0);
  const best = Math.max(...(usable.length > 0 ? usable : weighed).map(({ weight }) => weight));
  // Rare second choices would only make odd pictures.
  const good = (usable.length > 0 ? usable : weighed).filter(({ weight }) => weight >= best * 0.12);
  const shuffled = good.sort((a, b) => hash(`${a.icon.id}`) - hash(`${b.icon.id}`));
  return pickSpread(shuffled, ({ weight }) => Math.max(weight, 1e-6), seed, word).icon;
}

/** A second word that the concept also has makes it much more likely: "poison" for a bottle. */
const hintWeight = (thing: Thing, concept: number, vocabulary: Vocabulary): number =>
  thing.hints.reduce((weight, hint) => weight * (vocabulary.about(concept, hint) ? 12 : 1), 1);
