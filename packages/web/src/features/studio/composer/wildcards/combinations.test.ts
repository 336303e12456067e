import type { Wildcard } from '@limner/contract';
import { expect, it } from 'vitest';
import { combinationsIn } from './combinations.ts';

const wildcard = (name: string, entries: number, more: Partial<Wildcard> = {}): Wildcard => ({
  name,
  entries,
  combinations: entries,
  size_bytes: 1,
  modified_at: '2026-01-01T00:00:00.000Z',
  problem: null,
  ...more,
});
const EMPTY = { en: 'it has no entries', zh: '没有任何条目' };
const WILDCARDS = [
  wildcard('animal', 3),
  wildcard('places/lake', 2, { combinations: 4 }),
  wildcard('places/wood', 1),
  wildcard('huge', 9, { combinations: null }),
  wildcard('empty', 0, { problem: EMPTY }),
];

it.each([
  ['a dragon', null],
  ['{"json": "a|b"} __init__', null],
  ['a {red|blue} dragon', { count: 2 }],
  ['{red|blue} __animal__ {a|b|{c|d}}', { count: 24 }],
  ['__places/*__', { count: 5 }],
  ['{2$$__animal__}', { count: 6 }],
  ['__huge__', { count: Infinity }],
  ['a __animl__', { missing: 'animl' }],
  ['{a|__nope__}', { missing: 'nope' }],
  ['__empty__', { problem: EMPTY }],
])('%s', (text, expected) => {
  expect(combinationsIn(text, WILDCARDS)).toEqual(expected);
});

it('a text that cannot be read says why', () => {
  const text = `${'{a|'.repeat(30)}${'}'.repeat(30)}`;
  expect(combinationsIn(text, [])).toMatchObject({ problem: { en: expect.stringContaining('levels deep') } });
});
