import { expect, test } from 'vitest';
import { readNumber, stepped } from './number-text.ts';

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
])('%j is read as %j', (text, value) => expect(readNumber(text, sides)).toBe(value));

const strength = { kind: 'decimal', min: -1, max: 2, step: 0.05 } as const;

test.each([
  ['0.7', 0.7],
  ['.5', 0.5],
  ['1.', 1],
  ['０．７', 0.7],
  ['0。7', 0.7],
  ['−0.5', -0.5],
  ['1e-1', 0.1],
  ['0.33', 0.33],
  ['0,5', null],
  ['2.01', null],
  ['-1.5', null],
  ['', null],
  ['.', null],
  ['1e', null],
  ['0.5.5', null],
])('%j is read as the fraction %j', (text, value) => expect(readNumber(text, strength)).toBe(value));

test.each([
  ['70', 70],
  ['-24', -24],
  ['1,024', null],
  ['7.5', null],
])('%j between the steps is read as %j', (text, value) =>
  expect(readNumber(text, { kind: 'whole', min: -24, max: 150, step: 50 })).toBe(value),
);

test.each(['1e999', '-1e999', '9'.repeat(400)])('%s is no number, also where there is no limit', (text) => {
  for (const kind of ['whole', 'decimal'] as const)
    expect(readNumber(text, { kind, min: -Infinity, max: Infinity, step: 1 })).toBeNull();
});

test('steps of fractions have no rounding errors, and reach both ends', () => {
  expect(stepped(0.1, 1, strength)).toBe(0.15);
  expect(stepped(0.3, -1, { ...strength, min: 0, step: 0.1 })).toBe(0.2);
  expect(stepped(1.95, 1, strength)).toBe(2);
  expect(stepped(0.0029, 1, { kind: 'decimal', min: 0.0001, max: 0.003, step: 0.0001 })).toBe(0.003);
  const free = { kind: 'whole', min: -Infinity, max: Infinity, step: 1 } as const;
  expect(stepped(7, 1, free)).toBe(8);
});

test('steps stay on the grid and in the range', () => {
  expect(stepped(100, 1, sides)).toBe(112);
  expect(stepped(1024, 1, sides)).toBe(1024);
  expect(stepped(16, -1, sides)).toBe(16);
});
