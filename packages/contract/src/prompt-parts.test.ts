import { describe, expect, it } from 'vitest';
import { combinationsOf } from './combinations.ts';
import { StudioError } from './error.ts';
import { MAX_CHOICE_DEPTH } from './limits.ts';
import { isDrawn, type PromptPart, promptParts, withoutChoices } from './prompt-parts.ts';
import { namesMeant, nearestNames } from './wildcard-name.ts';

const NAMES = ['animal', 'animals-wild', 'folder/name', 'body parts', 'init'];
const isWildcard = (name: string) => name !== 'init' && namesMeant(name, NAMES).length > 0;
const read = (text: string) => promptParts(text, isWildcard);

/** `[a/b]` for a choice, `<name>` for a wildcard. */
const shown = (parts: readonly PromptPart[]): string =>
  parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'wildcard') return `<${part.name}>`;
      const { least, most, separator } = part;
      const options = part.options.map(
        (option) => (option.weight === 1 ? '' : `${option.weight}:`) + shown(option.parts),
      );
      return `[${separator === null ? '' : `${least}-${most ?? ''}"${separator}" `}${options.join('/')}]`;
    })
    .join('');

describe('choices', () => {
  it.each([
    ['a {red|blue} dragon', 'a [red/blue] dragon'],
    ['{a|b', '{a|b'],
    ['a|b}', 'a|b}'],
    ['{a|{b|c}}', '[a/[b/c]]'],
    ['{a | b }', '[a / b ]'],
    ['{|big }dragon', '[/big ]dragon'],
    ['{0.5::a|2::b|c}', '[0.5:a/2:b/c]'],
    ['{2$$c|d|e}', '[2-2", " c/d/e]'],
    ['{1-2$$c|d}', '[1-2", " c/d]'],
    ['{-2$$c|d}', '[1-2", " c/d]'],
    ['{1-$$c|d}', '[1-", " c/d]'],
    ['{2$$ and $$c|d}', '[2-2" and " c/d]'],
    ['{2$$|$$c|d}', '[2-2"|" c/d]'],
    ['{2$$0.5::c|d}', '[2-2", " 0.5:c/d]'],
    ['{~a|b} {@a|b} {!a|b}', '[a/b] [a/b] [a/b]'],
    ['{2$$__animal__}', '[2-2", " <animal>]'],
    ['{a|x {epic} y|c}', '[a/x {epic} y/c]'],
    ['{ open {a|b}', '{ open [a/b]'],
  ])('%s', (text, expected) => {
    expect(shown(read(text))).toBe(expected);
  });

  it.each([
    '(dragon:1.3), [a|b], <lora:ink:0.8>, {epic} ((x)) BREAK --ar 16:9',
    '{"shot": {"lens": "35|50"}, "n": [1, 2]}',
    '{"a": "x|y"}',
    'function f() { return a || b',
    'costs $$ a lot, {5}, $\u007bname}',
    '__init__ and self.__class__, __main__(x), ______, a__b, x__y__z, __very bold__',
    '¯\\_(ツ)_/¯ \\(iron\\) a\\b',
  ])('are not in %s', (text) => {
    const parts = read(text);
    expect(parts).toEqual([{ kind: 'text', text }]);
    expect(isDrawn(parts, text)).toBe(false);
  });

  it.each([
    ['\\{a|b\\}', '{a|b}'],
    ['{a\\|b|c}', '[a|b/c]'],
    ['\\__animal\\__', '__animal__'],
    ['{"mode": "{red|blue} x"}', '{"mode": "[red/blue] x"}'],
  ])('leave %s as text', (text, expected) => {
    expect(shown(read(text))).toBe(expected);
    expect(isDrawn(read(text), text)).toBe(true);
  });

  it('are refused too deep within each other, and any braces are read in time', () => {
    const deep = (levels: number) => `${'{a|'.repeat(levels)}${'}'.repeat(levels)}`;
    expect(read(deep(MAX_CHOICE_DEPTH))).toHaveLength(1);
    expect(() => read(deep(MAX_CHOICE_DEPTH + 1))).toThrow(StudioError);
    for (const text of ['{', '}', '{a|', '{"a":', '|', '__a', '{2$$', '\\{', '{}'].map((part) =>
      part.repeat(4000),
    ))
      expect(shown(read(text))).toBeTypeOf('string');
  });

  it('can be taken out of any text', () => {
    for (const text of ['{a|b} __animal__', '{2$$__animal__}', '\\{ {'])
      expect(shown(read(withoutChoices(text)))).toBe(text);
  });
});

describe('wildcards', () => {
  it.each([
    ['an __animal__', 'an <animal>'],
    ['__Animal__ __folder/name__ __folder\\name__', '<Animal> <folder/name> <folder\\name>'],
    ['__body parts__', '<body parts>'],
    ['x__animal__y', 'x<animal>y'],
    ['__animal____animal__', '<animal><animal>'],
    ['__animal*__ __**__', '<animal*> <**>'],
    ['a__b __animal__', 'a__b <animal>'],
    ['{__animal__|__unknown__}', '[<animal>/<unknown>]'],
    ['the __unknown__, __未知__', 'the <unknown>, <未知>'],
  ])('%s', (text, expected) => {
    expect(shown(read(text))).toBe(expected);
  });

  it('with stars mean all names that match', () => {
    const names = ['a', 'b/c', 'b/d/e', 'bx'];
    expect(['b*', 'b/*', 'b/**', '**', 'A', 'c'].map((name) => namesMeant(name, names))).toEqual([
      ['bx'],
      ['b/c'],
      ['b/c', 'b/d/e'],
      names,
      ['a'],
      [],
    ]);
    expect(namesMeant(`${'*a'.repeat(50)}`, ['a'.repeat(200)])).toEqual([]);
  });

  it('that do not exist are near to others', () => {
    expect(nearestNames('anmal', NAMES)).toEqual(['animal']);
    expect(nearestNames('name', NAMES)).toEqual(['folder/name']);
    expect(nearestNames('zebra', NAMES)).toEqual([]);
  });
});

it.each([
  ['plain', 1],
  ['{a|b} {c|d|e}', 6],
  ['{a|{b|c}}', 3],
  ['{2$$a|b|c}', 6],
  ['{1-2$$a|b|c}', 9],
  ['{5$$a|b}', 2],
  ['{0::a|b}', 1],
  ['__animal__ __animal__', 9],
  ['{2$$__animal__}', 6],
  [`${'{a|b}'.repeat(1500)}`, Number.POSITIVE_INFINITY],
])('%s has its combinations', (text, count) => {
  expect(combinationsOf(read(text), () => ({ entries: 3, combinations: 3 }))).toBe(count);
});
