/** The entries of a wildcard, each once: of a text file one a line, without empty lines and comments. */
import { type Bilingual, MAX_WILDCARD_ENTRIES, StudioError } from '@limner/contract';

export interface Entries {
  texts: string[];
  /** Sums of weights up to each entry; null: all weigh the same. */
  sums: Float64Array | null;
}

const WEIGHT = /^(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})::/;
/** `# a comment`, also behind an entry; `#ff0000` is a colour. */
const COMMENT = /(^|\s)#(\s.*)?$/s;

/** @throws StudioError `wildcard_unusable` beyond the limit, or without any entry */
export const entriesIn = (text: string, name: string): Entries =>
  entriesOf(text.split(/\r\n|\r|\n/).map(withoutComment), name);

/** Of a list without comments. @throws as `entriesIn` */
export function entriesOf(texts: readonly string[], name: string): Entries {
  const byText = new Map<string, number>();
  for (const text of texts) {
    const { entry, weight } = entryOf(text);
    if (entry === '') continue;
    byText.set(entry, Math.max(weight, byText.get(entry) ?? 0));
    if (byText.size > MAX_WILDCARD_ENTRIES) throw unusable(name, TOO_MANY);
  }
  if (byText.size === 0) throw unusable(name, EMPTY);
  return { texts: [...byText.keys()], sums: sumsOf([...byText.values()]) };
}

function withoutComment(line: string): string {
  const trimmed = line.trim();
  return trimmed.startsWith('#') ? '' : trimmed.replace(COMMENT, '');
}

function entryOf(text: string): { entry: string; weight: number } {
  const said = text.trim();
  const weight = WEIGHT.exec(said);
  return { entry: weight ? said.slice(weight[0].length).trim() : said, weight: Number(weight?.[1] ?? 1) };
}

function sumsOf(weights: number[]): Float64Array | null {
  if (weights.every((weight) => weight === weights[0])) return null;
  let sum = 0;
  return Float64Array.from(weights, (weight) => (sum += weight));
}

export const unusable = (name: string, reason: Bilingual) =>
  new StudioError('wildcard_unusable', { data: { name, reason } });

const TOO_MANY: Bilingual = {
  en: `it has more than ${MAX_WILDCARD_ENTRIES} entries`,
  zh: `条目超过 ${MAX_WILDCARD_ENTRIES} 条`,
};
const EMPTY: Bilingual = { en: 'it has no entries', zh: '没有任何条目' };
