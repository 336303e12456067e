/** The wildcard that is being typed at the caret. Pure. */
import { namesMeant, WILDCARD } from '@limner/contract';

export interface OpenMark {
  /** Of its first underscore. */
  from: number;
  /** What a completion replaces ends here: at the caret, or behind the wildcard that the caret stands in. */
  to: number;
  /** Between the underscores and the caret. */
  typed: string;
}

const MARK = '__';
/** What may be a name with its sign; a line break or a brace ends it. */
const NAME = /^[~@!]?(?:[^\s_{}|<>"$#](?:(?!__)[^{}|<>"$#\r\n])*)?$/;
/** The rest of a name and its closing underscores. */
const REST = /^[\p{L}\p{N}\p{M}./*-]*(?:_[\p{L}\p{N}\p{M}./*-]+)*__/u;

/** null: none is open at the caret. */
export function openMark(text: string, caret: number, names: readonly string[]): OpenMark | null {
  for (let at = text.indexOf(MARK); at !== -1 && at + MARK.length <= caret; ) {
    const end = endOf(text, at, names);
    if (text[at - 1] !== '\\' && (end === null || end > caret)) {
      const typed = text.slice(at + MARK.length, caret);
      if (NAME.test(typed)) {
        const rest = REST.exec(text.slice(caret));
        return { from: at, to: caret + (rest && typed !== '' ? rest[0].length : 0), typed };
      }
    }
    at = text.indexOf(MARK, end !== null && end <= caret ? end : at + 1);
  }
  return null;
}

/** Where a complete wildcard at this place ends; null: there is none. */
function endOf(text: string, at: number, names: readonly string[]): number | null {
  WILDCARD.lastIndex = at;
  const [token, , name = ''] = WILDCARD.exec(text) ?? [];
  if (token === undefined || (/\s/.test(name) && namesMeant(name, names).length === 0)) return null;
  return at + token.length;
}

const MAX_OFFERED = 100;

/** Names that have what was typed; those that begin with it first, then those whose last part does. */
export function completions(typed: string, names: readonly string[]): string[] {
  const wanted = typed.replace(/^[~@!]/, '').toLowerCase();
  const rankOf = (name: string): number => {
    const lower = name.toLowerCase();
    if (lower.startsWith(wanted)) return 0;
    if (lower.slice(lower.lastIndexOf('/') + 1).startsWith(wanted)) return 1;
    return lower.includes(wanted) ? 2 : 3;
  };
  const ranked = names.map((name) => ({ name, rank: rankOf(name) })).filter(({ rank }) => rank < 3);
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_OFFERED)
    .map(({ name }) => name);
}
