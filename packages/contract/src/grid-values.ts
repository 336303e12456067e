/**
 * The values of a grid's axis as they are typed, in the grammar of A1111's X/Y/Z plot: lists `20, 30, 40`, ranges
 * `20-40`, `20-40 (+5)` and `1-5 [9]` (nine values), text in double quotes where it has commas. Pure; schemas are not
 * needed, so that pages count a grid before they send it.
 */
import { StudioError } from './error.ts';
import type { Bilingual } from './family.ts';

/** Tasks of one grid. */
export const MAX_GRID_CELLS = 500;
/** Values that are read of one axis; more are only counted. */
const MOST_READ = 10_000;

/** Of one axis; the caller adds which axis. */
export const refusedValue = (en: string, zh: string): StudioError =>
  new StudioError('grid_axis', { data: { axis: '', reason: { en, zh } satisfies Bilingual } });

export const tooLarge = (count: number): StudioError =>
  new StudioError('grid_too_large', { data: { count, limit: MAX_GRID_CELLS } });

/** Each line that is not empty. */
export const gridLines = (text: string): string[] =>
  text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Items between commas or line breaks. An item in double quotes keeps its commas; `""` in it is one quote, and `""` alone is no text. */
export function gridItems(text: string): string[] {
  const items = text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,，\r\n]*))\s*(?:[,，\r\n]|$)/g);
  return [...items].flatMap(([, quoted, plain = '']) => {
    if (quoted !== undefined) return quoted.replaceAll('""', '"');
    return plain.trim() === '' ? [] : plain.trim();
  });
}

const NUMBER = String.raw`[+-]?\d+(?:\.\d+)?`;
const SINGLE = new RegExp(`^${NUMBER}$`);
const RANGE = new RegExp(
  String.raw`^(${NUMBER})\s*[-–~]\s*(${NUMBER})(?:\s*[(（]\s*([+-]?)\s*(\d+(?:\.\d+)?)\s*[)）]|\s*[[【]\s*(\d+)\s*[\]】])?$`,
);

/** @throws StudioError `grid_axis` for what is no number, `grid_too_large` */
export function gridNumbers(text: string, isWhole: boolean): number[] {
  return gathered(gridItems(text), (item) => {
    const range = RANGE.exec(item);
    if (range) return rangeOf(item, range, isWhole);
    if (!SINGLE.test(item))
      throw refusedValue(
        `"${item}" is not a number. Write 20, 30 or 20-40 (+5) or 1-5 [9].`,
        `「${item}」不是数字，可写 20, 30 或 20-40 (+5) 或 1-5 [9]。`,
      );
    return [Number(item)];
  });
}

/** The values of all items. @throws StudioError `grid_too_large` as soon as there are more than are read */
export function gathered<T, V>(items: readonly T[], valuesOf: (item: T) => V[]): V[] {
  const all: V[] = [];
  for (const item of items) {
    all.push(...valuesOf(item));
    if (all.length > MOST_READ) throw tooLarge(all.length);
  }
  return all;
}

function rangeOf(item: string, [, from, to, sign, size, count]: RegExpExecArray, isWhole: boolean): number[] {
  const [first, last] = [Number(from), Number(to)];
  if (count !== undefined) return spread(first, last, Number(count), isWhole);
  const down = last < first;
  const step = Number(size ?? 1) * (sign === '-' || (size === undefined && down) ? -1 : 1);
  if (step === 0 || (first !== last && step < 0 !== down))
    throw refusedValue(`"${item}" does not reach its end.`, `「${item}」无法到达终点。`);
  const many = Math.floor((last - first) / step + 1e-9) + 1;
  return listed(many, (index) => first + index * step);
}

/** So many values at equal distances, both ends among them; whole numbers are cut, as A1111 does. */
function spread(first: number, last: number, count: number, isWhole: boolean): number[] {
  const step = count > 1 ? (last - first) / (count - 1) : 0;
  return listed(count, (index) => {
    const value = rounded(first + index * step);
    return isWhole ? Math.trunc(value) : value;
  });
}

function listed(count: number, value: (index: number) => number): number[] {
  if (count > MOST_READ) throw tooLarge(count);
  return Array.from({ length: count }, (_, index) => rounded(value(index)));
}

/** Without the error of binary fractions. */
const rounded = (value: number): number => Number(value.toFixed(8));
