import { expect, it } from 'vitest';
import { bytesOf } from './sent-picture.ts';

const limit = { maxFileSizeBytes: 10 * 1024 ** 2 };

it.each([
  ['plain', 'aGVsbG8='],
  ['with line breaks', 'aGVs\r\nbG8=\n'],
  ['in the alphabet of URLs, unpadded', 'aGVsbG8'],
  ['with white space between its padding', 'aGVsbA= \n=\n'],
  ['as a data URL', 'data:image/png;base64,aGVsbG8='],
])('reads base64 %s', (_, text) => {
  expect(bytesOf(text, limit, 'image').toString()).toMatch(/^hell/);
});

it.each(['', '!', '=', 'a=b', `${' '.repeat(5_000_000)}!`, `${'a '.repeat(2_000_000)}===`])(
  'refuses what is none, however long',
  (text) => {
    expect(() => bytesOf(text, limit, 'image')).toThrow();
  },
);
