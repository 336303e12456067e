import { expect, test } from 'vitest';
import { readWhole, stepped } from './number-text.ts';

const sides = { min: 16, max: 1024, step: 8 };

test.each([
  ['128', 128],
  ['１２８', 128],
  ['1,024', 1024],
  [' 64 ', 64],
  ['', null],
  ['abc', null],
  ['NaN', null],
  ['1e9', null],
  ['1e2', null],
  ['-128', null],
  ['8', null],
  ['1032', null],
  ['100.5', null],
  ['100', null],
  ['Infinity', null],
])('%j is read as %j', (text, value) => expect(readWhole(text, sides)).toBe(value));

test('steps stay on the grid and in the range', () => {
  expect(stepped(100, 1, sides)).toBe(112);
  expect(stepped(1024, 1, sides)).toBe(1024);
  expect(stepped(16, -1, sides)).toBe(16);
});
