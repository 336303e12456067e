/** Parses option values, or throws a sentence that says what is allowed. */
import {
  extendsNothing,
  MAX_FEATHER_PX,
  MAX_MARGIN_PX,
  MAX_SEED,
  MAX_SIDE_PX,
  MIN_SIDE_PX,
  Outpaint,
  Seed,
  type Size,
} from '@limner/contract';
import { CliError, EXIT } from './exit-code.ts';
import type { Words } from './words.ts';

/** Digits as input methods write them are digits. Leading zeros have no meaning: `016` is 16. */
const plain = (text: string): string => text.normalize('NFKC').trim();

const usage = (sentence: string): CliError => new CliError(sentence, EXIT.usage);

export const wholeNumber = (words: Words, name: string, min: number, max: number) => (text: string) => {
  const value = Number(plain(text));
  if (!/^\d+$/.test(plain(text)) || value < min || value > max)
    throw usage(words.usage.wholeNumber(name, min, max));
  return value;
};

/** As text if a number would not be exact. */
export const seed =
  (words: Words, name: string) =>
  (text: string): Seed => {
    const { success, data } = Seed.safeParse(plain(text));
    if (!success) throw usage(words.usage.wholeNumber(name, 0, MAX_SEED));
    return data;
  };

export const numberBetween = (words: Words, name: string, min: number, max: number) => (text: string) => {
  const value = Number(plain(text));
  if (plain(text) === '' || !(value >= min && value <= max)) throw usage(words.usage.number(name, min, max));
  return value;
};

export const fraction = (words: Words, name: string) => numberBetween(words, name, 0, 1);

/** For an option that may be given several times. */
export const each =
  <T>(parse: (text: string) => T) =>
  (text: string, before: T[] | undefined): T[] => [...(before ?? []), parse(text)];

export const decimal = (words: Words, name: string) => (text: string) => {
  const value = Number(plain(text));
  if (plain(text) === '' || !Number.isFinite(value) || value <= 0) throw usage(words.usage.positive(name));
  return value;
};

/** Has the `allowed` words, which shells complete. */
export function oneOf<T extends string>(words: Words, name: string, allowed: readonly T[]) {
  const parse = (text: string): T => {
    const value = allowed.find((word) => word === text);
    if (value === undefined) throw usage(words.usage.oneOf(name, allowed));
    return value;
  };
  return Object.assign(parse, { allowed });
}

export function numberOf<T extends number>(words: Words, name: string, allowed: readonly T[]) {
  const parse = oneOf(words, name, allowed.map(String));
  return Object.assign((text: string): T => Number(parse(text)) as T, { allowed: parse.allowed });
}

export const size =
  (words: Words) =>
  (text: string): Size => {
    const match = /^(\d+)\s*[x×*]\s*(\d+)$/i.exec(plain(text));
    if (!match) throw usage(words.usage.size(MIN_SIDE_PX, MAX_SIDE_PX));
    const [width, height] = [Number(match[1]), Number(match[2])];
    const off = [width, height].filter((side) => side < MIN_SIDE_PX || side > MAX_SIDE_PX);
    if (off.length > 0) throw usage(words.usage.sizeRange(off, MIN_SIDE_PX, MAX_SIDE_PX));
    return { width, height };
  };

/** `left=256,right=256`, and `feather=32`. */
export const outpaint =
  (words: Words, name: string) =>
  (text: string): Outpaint => {
    const refused = () => usage(words.usage.outpaint(name, MAX_MARGIN_PX, MAX_FEATHER_PX));
    const parts = plain(text)
      .split(',')
      .map((part) => /^\s*([a-z]+)\s*=\s*(\d+)\s*$/.exec(part));
    if (parts.some((part) => part === null)) throw refused();
    const fields = Object.fromEntries(parts.map((part) => [part?.[1], Number(part?.[2])]));
    const { success, data } = Outpaint.safeParse(fields);
    if (!success || extendsNothing(data)) throw refused();
    return data;
  };
