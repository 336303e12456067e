import { describe, expect, test } from 'vitest';
import { en } from './en.ts';
import { zh } from './zh.ts';

const sentences = (part: object, path = ''): [string, string][] =>
  Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : sentences(value, `${path}${key}.`),
  );
const placeholders = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort();
const english = new Map(sentences(en));
const chinese = new Map(sentences(zh));

describe('the two languages', () => {
  test('have the same sentences; only English has a singular', () => {
    const plain = [...english.keys()].filter((key) => !key.endsWith('_one'));
    expect([...chinese.keys()].sort()).toEqual(plain.sort());
  });

  test('fill the same values into each sentence', () => {
    for (const [key, text] of chinese)
      expect([key, placeholders(text)]).toEqual([key, placeholders(english.get(key) ?? '')]);
  });

  test('put a space between Chinese and a number', () => {
    for (const [key, text] of chinese)
      expect([key, text]).not.toEqual([key, expect.stringMatching(/[\u4e00-\u9fff]\d|\d[\u4e00-\u9fff]/)]);
  });
});
