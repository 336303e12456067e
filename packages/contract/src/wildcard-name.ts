/** Names of wildcards as prompts write them: `__animal__`, `__folder/name__`, `__animal*__`. */
import { MAX_WILDCARD_NAME_CHARS } from './limits.ts';

/** What may be a wildcard, from its first underscore on. Only a file of that name makes some of them one: see `isPlainly`. */
export const WILDCARD = /__([~@!]?)([^\s_{}|<>"$#~@!](?:(?!__)[^{}|<>"$#\r\n])*)__/y;

/**
 * Names of Python, as in `__init__`: text, unless there is a file of that name. Other names in two underscores are
 * wildcards even if there is no such file, so that a missing file is reported and not painted.
 */
const OF_PYTHON = new Set(
  'all author bool bytes call class contains copy debug del delitem dict dir doc enter eq exit file float format future ge getattr getitem gt hash init int iter le len lt main module name ne new next package path post_init pycache repr self set setitem slots spec str version'.split(
    ' ',
  ),
);

const PLAIN_NAME = /^[\p{L}\p{N}*][\p{L}\p{N}\p{M}_*/\\.-]*$/u;
/** `self.__x__` and `x__y__z` are other things. */
const BEFORE = /[\p{L}\p{N}_.\\]$/u;
const AFTER = /^[\p{L}\p{N}_(=[]/u;

/** Whether text can only mean a wildcard: a plain name that stands by itself. */
export const isPlainly = (name: string, before: string, after: string): boolean =>
  PLAIN_NAME.test(name) && !OF_PYTHON.has(name.toLowerCase()) && !BEFORE.test(before) && !AFTER.test(after);

/** Folders are divided by `/`, whatever was typed. */
export const plainName = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[\\/]+/g, '/')
    .replace(/^\/|\/$/g, '');

/**
 * The names that a reference means: itself, whatever the case, or all that match its stars, in order. `*` stands for any
 * characters within a folder, `**` also for folders.
 */
export function namesMeant(reference: string, names: readonly string[]): string[] {
  const wanted = plainName(reference);
  if (wanted.length > MAX_WILDCARD_NAME_CHARS) return [];
  if (wanted.includes('*')) return names.filter(matcherOf(wanted.toLowerCase())).sort();
  if (names.includes(wanted)) return [wanted];
  const found = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  return found === undefined ? [] : [found];
}

/** Backtracks to the last star only, and to the last double star where that does not help: never exponential. */
function matcherOf(pattern: string): (name: string) => boolean {
  if ((pattern.match(/\*+/g)?.length ?? 0) > MAX_STARS) return () => false;
  const source = pattern
    .split(/(\*+)/)
    .map((part) =>
      part.startsWith('**') ? '[^]*?' : part === '*' ? '[^/]*?' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  const whole = new RegExp(`^${source}$`);
  return (name) => whole.test(name.toLowerCase());
}

const MAX_STARS = 4;
const MAX_NEAREST = 5;

/** Existing names that may have been meant, the nearest first. */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const name = plainName(wanted).toLowerCase();
  const stem = stemOf(name);
  const ranked = names.map((each) => ({ each, distance: distanceOf(name, stem, each.toLowerCase()) }));
  return ranked
    .filter(({ distance }) => distance <= Math.max(2, stem.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MAX_NEAREST)
    .map(({ each }) => each);
}

const stemOf = (name: string): string => name.split('/').at(-1) ?? '';

function distanceOf(name: string, stem: string, other: string): number {
  const otherStem = stemOf(other);
  if (stem !== '' && otherStem === stem) return 0;
  const isPart =
    stem.length > 2 && otherStem.length > 2 && (otherStem.includes(stem) || stem.includes(otherStem));
  return isPart ? 1 : Math.min(editDistance(name, other), editDistance(stem, otherStem));
}

/** Levenshtein's. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
