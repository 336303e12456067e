/**
 * The syntax of choices in prompts, compatible with the extension sd-dynamic-prompts:
 *
 *     {red|blue}  {3::often|seldom}  {2$$a|b|c}  {1-2$$ and $$a|b|c}  __animal__  __folder/name__  __animal*__
 *
 * Braces are a choice only with a bar or a number and `$$` of their own; JSON is none. `\{`, `\}`, `\|` and `\__` are
 * text. Everything else, such as `(word:1.2)` and `<lora:name:0.8>`, stays as it is.
 */
import { type Brace, bracesIn, jsonReader } from './braces.ts';
import { StudioError } from './error.ts';
import { MAX_CHOICE_DEPTH } from './limits.ts';
import { isPlainly, WILDCARD } from './wildcard-name.ts';

export interface ChoiceOption {
  weight: number;
  parts: PromptPart[];
}

export interface ChoicePart {
  kind: 'choice';
  /** As typed. */
  token: string;
  /** How many options are taken; null: all there are. A single one unless the choice names a number. */
  least: number;
  most: number | null;
  /** Between several; null: a single one is taken as typed. */
  separator: string | null;
  isCyclic: boolean;
  options: ChoiceOption[];
}

export interface WildcardPart {
  kind: 'wildcard';
  /** As typed. */
  token: string;
  name: string;
  isCyclic: boolean;
}

export type PromptPart = { kind: 'text'; text: string } | ChoicePart | WildcardPart;

/** Whether a wildcard of that name exists; the name may have stars. */
export type IsWildcard = (name: string) => boolean;

/** @throws StudioError `invalid_request` for choices within choices beyond the limit, without a field */
export const promptParts = (text: string, isWildcard: IsWildcard): PromptPart[] =>
  new Reader(text, isWildcard).all();

/** Whether drawing changes the text at all. */
export const isDrawn = (parts: readonly PromptPart[], text: string): boolean =>
  parts.some(({ kind }) => kind !== 'text') || (parts[0]?.kind === 'text' ? parts[0].text : '') !== text;

/** Names of the wildcards in a text, each once. */
export function wildcardsIn(parts: readonly PromptPart[]): Set<string> {
  const found = new Set<string>();
  const visit = (part: PromptPart): void => {
    if (part.kind === 'wildcard') found.add(part.name);
    if (part.kind === 'choice') for (const option of part.options) option.parts.forEach(visit);
  };
  parts.forEach(visit);
  return found;
}

/** The same text for a reader of choices: no part of it is drawn. */
export const withoutChoices = (text: string): string => text.replace(/[{}]|__/g, '\\$&');

const HEADER = /\s*(?:([~@!])\s*)?(?:(?:(\d{1,9})?(-)(\d{1,9})?|(\d{1,9}))\$\$(?:([^${}]*)\$\$)?)?/y;
const WEIGHT = /\s*(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})::/y;
const USUAL_SEPARATOR = ', ';

class Reader {
  readonly #text: string;
  readonly #isWildcard: IsWildcard;
  readonly #braces: Map<number, Brace>;
  readonly #isJson: (open: number, close: number) => boolean;

  constructor(text: string, isWildcard: IsWildcard) {
    this.#text = text;
    this.#isWildcard = isWildcard;
    this.#braces = bracesIn(text);
    this.#isJson = jsonReader(text);
  }

  all(): PromptPart[] {
    return this.#sequence(0, this.#text.length, 0);
  }

  #sequence(from: number, to: number, depth: number): PromptPart[] {
    const parts: PromptPart[] = [];
    let text = '';
    for (let at = from; at < to; ) {
      const found = this.#partAt(at, to, depth);
      if (typeof found.part === 'string') text += found.part;
      else {
        if (text !== '') parts.push({ kind: 'text', text });
        parts.push(found.part);
        text = '';
      }
      at = found.next;
    }
    return text === '' ? parts : [...parts, { kind: 'text', text }];
  }

  #partAt(at: number, to: number, depth: number): { part: PromptPart | string; next: number } {
    const text = this.#text;
    const char = text[at] ?? '';
    if (char === '\\') return escapeAt(text, at, depth);
    if (char === '{') return this.#choiceAt(at, depth) ?? { part: char, next: at + 1 };
    const isMark = char === '_' && text[at + 1] === '_';
    return (isMark && this.#wildcardAt(at, to)) || { part: char, next: at + 1 };
  }

  #choiceAt(open: number, depth: number): { part: ChoicePart; next: number } | null {
    const brace = this.#braces.get(open);
    if (!brace) return null;
    const { close, bars } = brace;
    HEADER.lastIndex = open + 1;
    const [header = '', sampler, from, dash, upTo, exactly, separator] = HEADER.exec(this.#text) ?? [];
    const isCounted = dash !== undefined || exactly !== undefined;
    if ((bars.length === 0 && !isCounted) || this.#isJson(open, close)) return null;
    if (depth === MAX_CHOICE_DEPTH) throw tooDeep();
    // White space before the first option belongs to it.
    const start = open + 1 + (sampler || isCounted ? header.length : 0);
    return {
      part: {
        kind: 'choice',
        token: this.#text.slice(open, close + 1),
        least: Number(exactly ?? from ?? 1),
        most: isCounted ? numberOrNull(exactly ?? upTo) : 1,
        separator: isCounted ? (separator ?? USUAL_SEPARATOR) : null,
        isCyclic: sampler === '@',
        options: this.#options([start - 1, ...bars.filter((bar) => bar >= start), close], start, depth + 1),
      },
      next: close + 1,
    };
  }

  /** Between bounds: the place before the first option, the bars, the closing brace. */
  #options(bounds: number[], start: number, depth: number): ChoiceOption[] {
    return bounds.slice(1).map((end, index) => {
      const from = Math.max(start, (bounds[index] ?? 0) + 1);
      WEIGHT.lastIndex = from;
      const [whole = '', weight = '1'] = WEIGHT.exec(this.#text) ?? [];
      const begin = from + whole.length;
      return begin > end
        ? { weight: 1, parts: this.#sequence(from, end, depth) }
        : { weight: Number(weight), parts: this.#sequence(begin, end, depth) };
    });
  }

  #wildcardAt(at: number, to: number): { part: WildcardPart; next: number } | null {
    WILDCARD.lastIndex = at;
    const [token, sampler, written = ''] = WILDCARD.exec(this.#text) ?? [];
    const name = written.trimEnd();
    if (token === undefined || name !== written || at + token.length > to) return null;
    const next = at + token.length;
    const around = [this.#text.slice(at - 1, at), this.#text.slice(next, next + 1)] as const;
    if (!this.#isWildcard(name) && !isPlainly(name, ...around)) return null;
    return { part: { kind: 'wildcard', token, name, isCyclic: sampler === '@' }, next };
  }
}

/** A bar is text by itself outside of choices, and needs no backslash there. */
function escapeAt(text: string, at: number, depth: number): { part: string; next: number } {
  const next = text[at + 1] ?? '';
  if (next === '{' || next === '}' || (next === '|' && depth > 0)) return { part: next, next: at + 2 };
  return text.startsWith('__', at + 1) ? { part: '__', next: at + 3 } : { part: '\\', next: at + 1 };
}

const numberOrNull = (digits: string | undefined): number | null =>
  digits === undefined ? null : Number(digits);

const tooDeep = () =>
  new StudioError('invalid_request', {
    data: {
      reason: {
        en: `has choices within choices more than ${MAX_CHOICE_DEPTH} levels deep`,
        zh: `选项嵌套超过 ${MAX_CHOICE_DEPTH} 层`,
      },
    },
  });
