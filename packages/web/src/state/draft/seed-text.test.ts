import { expect, test } from 'vitest';
import { readSeed } from './seed-text.ts';

const MAX = 2 ** 32 - 1;

test('a seed is read as it is written, grouped or full-width', () => {
  expect(readSeed('42', MAX).seed).toBe(42);
  expect(readSeed('4\u00a0294\u00a0967\u00a0295', MAX).seed).toBe(MAX);
  expect(readSeed('１２３', MAX).seed).toBe(123);
  expect(readSeed('18,446,744,073,709,551,615', '18446744073709551615').seed).toBe('18446744073709551615');
  expect(readSeed(' ', MAX)).toEqual({ seed: null, problem: null });
});

test('what is no seed, or too great a one, is refused and never replaced', () => {
  for (const text of ['abc', '1e5', '-1', '1.5', '0x10']) expect(readSeed(text, MAX).problem).toBe('number');
  for (const text of ['4294967296', '156680208700286', '99999999999999999999999'])
    expect(readSeed(text, MAX)).toEqual({ seed: null, problem: 'range' });
});
