/** Draws the text of a prompt: the same stream of random numbers draws the same. Pure. */
import {
  type Bilingual,
  type ChoiceOption,
  type ChoicePart,
  cutText,
  type DrawnChoice,
  MAX_KEPT_CHOICE_CHARS,
  MAX_KEPT_CHOICES,
  MAX_PROMPT_CHARS,
  type PromptPart,
  StudioError,
  soleWildcard,
  takeable,
  takenOf,
  type WildcardPart,
} from '@limner/contract';
import type { Library, Pool } from './library.ts';
import type { RandomStream } from './random-stream.ts';

export interface DrawnText {
  text: string;
  choices: DrawnChoice[];
}

/** Draws of one prompt, so that wildcards which multiply each other end. */
const MAX_DRAWS = 2_000;

/**
 * @param turn of choices that take turns, `{@a|b}`: they all take the same
 * @throws StudioError `invalid_request` for a text beyond the limit, without a field
 */
export function draw(
  parts: readonly PromptPart[],
  library: Library,
  random: RandomStream,
  turn: number,
): DrawnText {
  const drawing = new Drawing(library, random, turn);
  return { text: drawing.textOf(parts).trim(), choices: drawing.choices };
}

class Drawing {
  readonly choices: DrawnChoice[] = [];
  readonly #library: Library;
  readonly #random: RandomStream;
  readonly #turn: number;
  #draws = 0;

  constructor(library: Library, random: RandomStream, turn: number) {
    this.#library = library;
    this.#random = random;
    this.#turn = turn;
  }

  textOf(parts: readonly PromptPart[]): string {
    let text = '';
    for (const part of parts) {
      text += part.kind === 'text' ? part.text : this.#drawn(part);
      if (text.length > MAX_PROMPT_CHARS) throw tooLong();
    }
    return text;
  }

  #drawn(part: ChoicePart | WildcardPart): string {
    if (++this.#draws > MAX_DRAWS) throw tooLong();
    // Before those within it.
    const place = this.choices.push({ token: kept(part.token), value: '' }) - 1;
    const value = part.kind === 'choice' ? this.#ofChoice(part) : this.#ofWildcard(part);
    this.choices[place] = { token: kept(part.token), value: kept(value.trim()) };
    if (place >= MAX_KEPT_CHOICES) this.choices.length = MAX_KEPT_CHOICES;
    return value;
  }

  #ofWildcard({ name, isCyclic }: WildcardPart): string {
    const pool = this.#library.pool(name);
    const index = isCyclic ? this.#turn % pool.size : this.#indexIn(pool);
    return this.#entry(pool, index);
  }

  #entry(pool: Pool, index: number): string {
    const text = textAt(pool, index);
    return SPECIAL.test(text) ? this.textOf(this.#library.partsOf(text)) : text;
  }

  #indexIn({ files, size }: Pool): number {
    const [first] = files;
    if (files.length === 1 && first?.sums) return firstAbove(first.sums, this.#random());
    if (files.every(({ sums }) => sums === null)) return Math.floor(this.#random() * size);
    return this.#weighted(files);
  }

  /** By the weights of all files together. */
  #weighted(files: Pool['files']): number {
    const totals = files.map(({ sums, texts }) => sums?.at(-1) ?? texts.length);
    let left = this.#random() * totals.reduce((sum, total) => sum + total, 0);
    let before = 0;
    for (const [at, { sums, texts }] of files.entries()) {
      const total = totals[at] ?? 0;
      if (left < total || at === files.length - 1)
        return (
          before + (sums ? firstAbove(sums, left / total) : Math.min(texts.length - 1, Math.floor(left)))
        );
      left -= total;
      before += texts.length;
    }
    return 0;
  }

  #ofChoice(part: ChoicePart): string {
    const sole = soleWildcard(part);
    if (sole !== null) return this.#severalOf(part, this.#library.pool(sole));
    const options = takeable(part.options);
    if (part.separator === null) return this.textOf(this.#one(options, part.isCyclic).parts);
    const order = this.#order(options.map(({ weight }) => weight));
    const taken = order.slice(0, this.#countOf(part, options.length));
    return taken.map((at) => this.textOf(options[at]?.parts ?? []).trim()).join(part.separator);
  }

  #one(options: readonly ChoiceOption[], isCyclic: boolean): ChoiceOption {
    if (isCyclic) return options[this.#turn % options.length] as ChoiceOption;
    let left = this.#random() * options.reduce((sum, { weight }) => sum + weight, 0);
    for (const option of options) {
      left -= option.weight;
      if (left < 0) return option;
    }
    return options.at(-1) as ChoiceOption;
  }

  /** Entries of a wildcard, none twice. */
  #severalOf(part: ChoicePart, pool: Pool): string {
    const count = this.#countOf(part, pool.size);
    const weights = this.#library.weights(pool);
    const taken = weights ? weights.take(count, this.#random) : this.#shuffled(pool.size, count);
    return taken.map((at) => this.#entry(pool, at).trim()).join(part.separator ?? '');
  }

  /** So many of the numbers below `size` in a random order: work for those only. */
  #shuffled(size: number, count: number): number[] {
    const moved = new Map<number, number>();
    return Array.from({ length: count }, (_, at) => {
      const from = at + Math.floor(this.#random() * (size - at));
      const taken = moved.get(from) ?? from;
      moved.set(from, moved.get(at) ?? at);
      return taken;
    });
  }

  #countOf(part: ChoicePart, options: number): number {
    const { least, most } = takenOf(part, options);
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  /** All of them in a random order, in which heavy ones come early. */
  #order(weights: readonly number[]): number[] {
    const keys = weights.map((weight) => -Math.log(1 - this.#random()) / weight);
    return weights.map((_, at) => at).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
  }
}

/** What may have to be drawn or unescaped. */
const SPECIAL = /[{\\]|__/;

const kept = (text: string): string =>
  text.length <= MAX_KEPT_CHOICE_CHARS ? text : `${cutText(text, MAX_KEPT_CHOICE_CHARS - 1)}…`;

function textAt({ files }: Pool, index: number): string {
  let left = index;
  for (const { texts } of files) {
    if (left < texts.length) return texts[left] ?? '';
    left -= texts.length;
  }
  return '';
}

/** The first place whose sum is above this part of the last one. */
function firstAbove(sums: Float64Array, part: number): number {
  const wanted = part * (sums.at(-1) ?? 0);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

const TOO_LONG: Bilingual = {
  en: `becomes longer than ${MAX_PROMPT_CHARS} characters, or has more than ${MAX_DRAWS} choices, when it is drawn`,
  zh: `展开后超过 ${MAX_PROMPT_CHARS} 个字符，或选项超过 ${MAX_DRAWS} 个`,
};

const tooLong = () => new StudioError('invalid_request', { data: { reason: TOO_LONG } });
