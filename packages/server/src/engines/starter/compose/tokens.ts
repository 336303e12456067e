/** Cuts a prompt, English, Chinese or both, into the longest phrases that mean something. */

import type { Vocabulary } from './vocabulary.ts';
import { COLOURS } from './words/colours.ts';
import {
  BACKGROUNDS,
  COUNTS,
  IDLE,
  JOINS,
  MATERIALS,
  PLATES,
  SIZES,
  STYLES,
  TRANSPARENT,
} from './words/grammar.ts';
import { FORMATS, KINDS } from './words/heads.ts';
import { STRANGERS } from './words/strangers.ts';

export interface Token {
  text: string;
  /** A comma or a full stop. */
  breaks: boolean;
  /** Decimals, ratios, levels: no count. */
  figure?: boolean;
}

const GRAMMAR: { has(word: string): boolean }[] = [
  COLOURS,
  BACKGROUNDS,
  COUNTS,
  IDLE,
  JOINS,
  MATERIALS,
  PLATES,
  SIZES,
  STYLES,
  TRANSPARENT,
  KINDS,
  FORMATS,
  STRANGERS,
];
const LONGEST_ENGLISH = 5;
const piece = (...patterns: RegExp[]): RegExp =>
  new RegExp(patterns.map(({ source }) => `(${source})`).join('|'), 'gu');

const PIECES = piece(
  // Numbers that are no counts: decimals, ratios, sizes, levels.
  /\d+(?:[.:/x×*]\d+)+%?|\d+(?:%|级|阶|星级|代|号|层|关|岁|年|k\b|p\b|fps\b|px\b)|第\d+\S?/,
  /[\p{Script=Latin}\d][\p{Script=Latin}\p{M}\d'’-]*/u,
  /[\u3400-\u9fff]+/,
  // Other scripts, emoji.
  /(?:(?![\u3400-\u9fff])\p{L}|\p{M})+|\p{Extended_Pictographic}(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{M}|\u200d)*/u,
  /[&+]/,
  /[,，、。；;.!！？?:：|/\n]+/,
);

export const isGrammar = (word: string): boolean => GRAMMAR.some((table) => table.has(word));

export function tokens(prompt: string, vocabulary: Vocabulary): Token[] {
  const out: Token[] = [];
  let english: string[] = [];
  const flush = (): void => {
    out.push(...englishTokens(english, vocabulary));
    english = [];
  };
  for (const [, figure, latin, chinese, other, sign, stop] of folded(prompt).matchAll(PIECES)) {
    if (latin !== undefined) {
      english.push(plainLatin(latin));
      continue;
    }
    flush();
    if (chinese !== undefined) out.push(...chineseTokens(chinese, vocabulary));
    else if (sign !== undefined) out.push({ text: sign, breaks: false });
    else if (figure !== undefined) out.push({ text: figure, breaks: false, figure: true });
    else if (other !== undefined) out.push({ text: other, breaks: false });
    // In Chinese the pause mark joins a list: 苹果、香蕉.
    else out.push(stop?.includes('、') ? { text: '和', breaks: false } : { text: ',', breaks: true });
  }
  flush();
  return out;
}

const folded = (prompt: string): string =>
  // 8位 is a style, 3级 none.
  prompt
    .toLowerCase()
    .normalize('NFKC')
    .replace(/(8|16|32)位/g, '$1-bit ');

const plainLatin = (word: string): string =>
  word.normalize('NFD').replace(/\p{M}/gu, '').replace(/’/g, "'").replace(/'s$/, '').replace(/-+$/, '');

function englishTokens(words: string[], vocabulary: Vocabulary): Token[] {
  const out: Token[] = [];
  for (let at = 0; at < words.length; ) {
    const length = longest(words, at, vocabulary);
    if (length === 1 && isUnknownHyphened(words[at] as string, vocabulary)) {
      words.splice(at, 1, ...(words[at] as string).split('-').filter(Boolean));
      continue;
    }
    out.push({ text: words.slice(at, at + length).join(' '), breaks: false });
    at += length;
  }
  return out;
}

function longest(words: string[], at: number, vocabulary: Vocabulary): number {
  for (let length = Math.min(LONGEST_ENGLISH, words.length - at); length > 1; length--) {
    const phrase = words.slice(at, at + length).join(' ');
    if (isGrammar(phrase) || vocabulary.named(phrase) !== undefined) return length;
  }
  return 1;
}

const isUnknownHyphened = (word: string, vocabulary: Vocabulary): boolean =>
  word.includes('-') && !isGrammar(word) && vocabulary.named(word) === undefined;

/** The cut with the fewest words, where an unknown character costs more than any word. */
function chineseTokens(text: string, vocabulary: Vocabulary): Token[] {
  const cost = new Array<number>(text.length + 1).fill(0);
  const next = new Array<number>(text.length + 1).fill(0);
  for (let at = text.length - 1; at >= 0; at--) {
    cost[at] = (cost[at + 1] as number) + 2.6;
    next[at] = at + 1;
    for (const word of chineseWords(text, at, vocabulary)) {
      const price = (cost[at + word.length] as number) + 1 - word.length * 0.01;
      if (price < (cost[at] as number)) {
        cost[at] = price;
        next[at] = at + word.length;
      }
    }
  }
  return joinUnknown(text, next, vocabulary);
}

function chineseWords(text: string, at: number, vocabulary: Vocabulary): string[] {
  const grammar: string[] = [];
  for (let length = Math.min(8, text.length - at); length > 0; length--) {
    const word = text.slice(at, at + length);
    if (isGrammar(word)) grammar.push(word);
  }
  return [...grammar, ...vocabulary.chineseWords(text, at)];
}

function joinUnknown(text: string, next: number[], vocabulary: Vocabulary): Token[] {
  const out: Token[] = [];
  let unknown = '';
  const flush = (): void => {
    if (unknown !== '') out.push({ text: unknown, breaks: false });
    unknown = '';
  };
  for (let at = 0; at < text.length; at = next[at] as number) {
    const word = text.slice(at, next[at]);
    const known = isGrammar(word) || vocabulary.chineseWords(word, 0).includes(word);
    if (!known) {
      unknown += word;
      continue;
    }
    flush();
    out.push({ text: word, breaks: false });
  }
  flush();
  return out;
}
