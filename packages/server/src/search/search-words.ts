/**
 * How prompts are cut into searchable words. Chinese has no spaces: each of its characters is a word, and so is each
 * pair of neighbours, because most Chinese words are two characters long and a pair is found as quickly as an English
 * word, where a phrase of two common characters is not. Other text is split at characters that are neither letter nor
 * digit. Full-width letters and digits are read as plain ones and traditional characters as simplified ones, in prompts
 * and in queries.
 */
import { simplified } from '../chinese/simplified.ts';

const HAN_RUN = /[\u3400-\u9fff\uf900-\ufaff]+/g;
const WORDS = /[\u3400-\u9fff\uf900-\ufaff]+|[^\s\u3400-\u9fff\uf900-\ufaff]+/g;
const BEGINS_HAN = /^[\u3400-\u9fff\uf900-\ufaff]/;

/** 红色的龙 → 红 色 的 龙 红色 色的 的龙 */
export function searchText(prompt: string): string {
  return plainCharacters(prompt)
    .replace(HAN_RUN, (run) => ` ${[...run].join(' ')} ${pairsOf(run)} `)
    .replace(/\s+/g, ' ')
    .trim();
}

/** One way of writing each letter, digit and Chinese character. */
export const plainCharacters = (text: string): string => simplified(text.normalize('NFKC'));

const pairsOf = (run: string): string =>
  Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2)).join(' ');

export interface SearchWord {
  /** As an FTS phrase, without quotes. */
  phrase: string;
  /** The last word may be the beginning of a longer one. */
  prefix: boolean;
}

/** The words of a query; all must occur. Punctuation is not a word. */
export function searchWords(query: string): SearchWord[] {
  const plain = plainCharacters(query);
  const runs = plain.match(WORDS) ?? [];
  const words = runs
    .flatMap((run) => (BEGINS_HAN.test(run) ? [pairsOf(run) || run] : run.split(/[^\p{L}\p{N}]+/u)))
    .filter((word) => word !== '');
  const last = words.at(-1);
  const open =
    last !== undefined && plain.endsWith(last) && /^[\p{L}\p{N}]{2,}$/u.test(last) && !BEGINS_HAN.test(last);
  return words.map((phrase, index) => ({
    phrase: phrase.toLowerCase(),
    prefix: open && index === words.length - 1,
  }));
}

/** Combining marks of Latin, Greek and Cyrillic letters. */
const DIACRITICS = /[\u0300-\u036f]+/g;

/** The words of a text as SQLite's tokenizer sees them: letters and digits alone, in lower case and without diacritics. */
export function plainWords(text: string): string[] {
  const folded = text.normalize('NFD').replace(DIACRITICS, '').normalize('NFC').toLowerCase();
  return folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
