/** The words that one frame is painted from: its prompts drawn by its seed, and the LoRAs that their tags name. Pure. */
import {
  type Bilingual,
  type DrawnWords,
  isDrawn,
  MAX_KEPT_CHOICES,
  MAX_LORAS,
  type Recipe,
  type Seed,
  StudioError,
} from '@limner/contract';
import { draw } from './draw.ts';
import type { Library } from './library.ts';
import { readTags } from './lora-tags.ts';
import { randomStream } from './random-stream.ts';

export interface WordsOfFrame {
  /** null: as the recipe has them. */
  words: DrawnWords | null;
  notes: Bilingual[];
}

type Worded = Pick<Recipe, 'kind' | 'prompt' | 'negative_prompt' | 'loras' | 'template'>;

/** Other kinds have names for prompts, or none. */
export const hasWords = ({ kind, template }: Pick<Recipe, 'kind' | 'template'>): boolean =>
  template === null && (kind === 'generation' || kind === 'edit' || kind === 'video');

interface DrawingOptions {
  library: Library;
  /** LoRAs as the servers list them. */
  listed: readonly string[];
  /** It may be painted from tags alone. */
  isWordless: boolean;
}

/** @throws StudioError `invalid_request` with the field of the recipe */
export function drawnWords(
  recipe: Worded,
  seed: Seed,
  { library, listed, isWordless }: DrawingOptions,
): WordsOfFrame {
  if (!hasWords(recipe)) return { words: null, notes: [] };
  const prompt = drawnField(recipe, 'prompt', seed, library);
  const negative = drawnField(recipe, 'negative_prompt', seed, library);
  const tagged = readTags(prompt.text, listed, Math.max(0, MAX_LORAS - recipe.loras.length));
  const withoutTags = readTags(negative.text, []);
  if (tagged.prompt === '' && recipe.prompt !== '' && !isWordless) throw invalid('prompt', NOTHING_LEFT);
  const isSame = tagged.prompt === recipe.prompt && withoutTags.prompt === recipe.negative_prompt;
  const words = {
    prompt: tagged.prompt,
    negative_prompt: withoutTags.prompt,
    loras: [...recipe.loras, ...tagged.loras],
    choices: [...prompt.choices, ...negative.choices].slice(0, MAX_KEPT_CHOICES),
  };
  return {
    words: isSame && words.choices.length === 0 ? null : words,
    notes: [...tagged.notes, ...withoutTags.notes],
  };
}

function drawnField(recipe: Worded, field: 'prompt' | 'negative_prompt', seed: Seed, library: Library) {
  const text = recipe[field];
  try {
    const parts = library.partsOf(text);
    if (!isDrawn(parts, text)) return { text, choices: [] };
    return draw(parts, library, randomStream(`${seed}/${field}`), turnOf(seed));
  } catch (error) {
    throw error instanceof StudioError ? error.inField(field) : error;
  }
}

/** Seeds that follow each other take turns. */
const turnOf = (seed: Seed): number => Number(BigInt(seed) % TURNS);
/** Divisible by every small number of options. */
const TURNS = 232_792_560n;

const NOTHING_LEFT: Bilingual = {
  en: 'becomes empty: the tags and the choices that were drawn leave no words',
  zh: '展开后为空：标签和抽到的选项之外没有文字',
};

const invalid = (field: string, reason: Bilingual) =>
  new StudioError('invalid_request', { data: { reason }, field });

/** Of the recipe, and those that the tags of any frame name. */
export function lorasOfAll(
  { loras }: Pick<Recipe, 'loras'>,
  frames: readonly WordsOfFrame[],
): Recipe['loras'] {
  const drawn = frames.flatMap(({ words }) => words?.loras.slice(loras.length) ?? []);
  const byName = new Map(drawn.map((lora) => [lora.name, lora]));
  return [...loras, ...byName.values()];
}

const MAX_NOTES = 5;

/** Each once. */
export function notesOfAll(frames: readonly WordsOfFrame[]): Bilingual[] {
  const notes = new Map(frames.flatMap((frame) => frame.notes).map((note) => [note.en, note]));
  return [...notes.values()].slice(0, MAX_NOTES);
}

/** A family that puts its own negative prompt in place of the usual one. */
export const withNegative = (
  words: DrawnWords,
  sent: Pick<Recipe, 'negative_prompt'>,
  planned: Pick<Recipe, 'negative_prompt'>,
): DrawnWords =>
  sent.negative_prompt === planned.negative_prompt
    ? words
    : { ...words, negative_prompt: planned.negative_prompt };

/** A task is found by its template and by what was drawn. */
export const searchedText = (prompt: string, frames: readonly (DrawnWords | null)[]): string => {
  const values = frames.flatMap((words) => words?.choices ?? []).map(({ value }) => value);
  return [...new Set([prompt, ...values])].join('\n');
};
