/**
 * How prompts are cut into searchable words. Chinese has no spaces, so each of its characters is a word of its own and a
 * run of them is searched as a phrase; everything else is cut at what is neither letter nor digit.
 */
const HAN = /[\u3400-\u9fff\uf900-\ufaff]/g;
const WORDS = /[\u3400-\u9fff\uf900-\ufaff]+|[^\s\u3400-\u9fff\uf900-\ufaff]+/g;

export function searchText(prompt: string): string {
  return prompt.replace(HAN, ' $& ').replace(/\s+/g, ' ').trim();
}

export interface SearchWord {
  /** As an FTS phrase, without quotes. */
  phrase: string;
  /** The last word may be the beginning of a longer one. */
  prefix: boolean;
}

/** The words of a query, all of which must occur. Punctuation alone makes no word. */
export function searchWords(query: string): SearchWord[] {
  const runs = query.match(WORDS) ?? [];
  const words = runs
    .flatMap((run) =>
      /^[\u3400-\u9fff\uf900-\ufaff]/.test(run) ? [run.split('').join(' ')] : run.split(/[^\p{L}\p{N}]+/u),
    )
    .filter((word) => word !== '');
  const last = words.at(-1);
  const open =
    last !== undefined && query.endsWith(last) && /^[\p{L}\p{N}]{2,}$/u.test(last) && !last.match(HAN);
  return words.map((phrase, index) => ({
    phrase: phrase.toLowerCase(),
    prefix: open && index === words.length - 1,
  }));
}
