import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { requestedLanguage } from './language.ts';

const asked = (header?: string, lang?: unknown) =>
  requestedLanguage({ query: { lang }, headers: { 'accept-language': header } } as unknown as FastifyRequest);

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['zh-Hant-TW', 'zh'],
    ['en-US,en;q=0.9,zh;q=0.8', 'en'],
    ['fr, zh;q=0.2, en;q=0.1', 'zh'],
    ['zh;q=0, en;q=0.1', 'en'],
    ['*', 'en'],
    [';;,q=,zh;q=x', 'en'],
  ])('is read from %s', (header, language) => expect(asked(header)).toBe(language));

  it('is the one the address names, whatever the browser prefers', () => {
    expect(asked('en', 'zh')).toBe('zh');
    expect(asked('zh', 'en-GB')).toBe('en');
    expect(asked('zh', 'klingon')).toBe('zh');
    expect(asked('zh', ['en', 'en'])).toBe('zh');
  });
});
