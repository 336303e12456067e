import { expect, test } from 'vitest';
import { lorasIn, withoutLoras } from './lora-tags.ts';

test('tags give names and weights, and leave the prompt', () => {
  const prompt = 'a dragon, <lora:ink:0.8>, gold <lyco:art/line> <lora:two:0.5:0.7> <lora:odd:much>, night';
  expect(lorasIn(prompt)).toEqual([
    { name: 'ink', weight: 0.8 },
    { name: 'art/line', weight: 1 },
    { name: 'two', weight: 0.5 },
    { name: 'odd', weight: 1 },
  ]);
  expect(withoutLoras(prompt)).toBe('a dragon, gold, night');
});

test.each([
  ['an open tag with many digits', `<lora:a:${'1'.repeat(200_000)}`],
  ['many spaces', `${' '.repeat(200_000)}x`],
  ['many open tags', '<lora:a'.repeat(30_000)],
])('a prompt of %s is read in linear time', (_, prompt) => {
  expect(lorasIn(prompt)).toEqual([]);
  expect(withoutLoras(prompt)).toBe(prompt.trim());
});
