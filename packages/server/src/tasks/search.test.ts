import { describe, expect, it } from 'vitest';
import { searchText, searchWords } from './search.ts';

describe('searching prompts', () => {
  it('makes every Chinese character a word and leaves the rest', () => {
    expect(searchText('一条red龙')).toBe('一 条 red 龙');
  });

  it('asks for a run of Chinese as a phrase and for the last word as a beginning', () => {
    expect(searchWords('红色 dra')).toEqual([
      { phrase: '红 色', prefix: false },
      { phrase: 'dra', prefix: true },
    ]);
  });

  it('takes a finished word as it is', () => {
    expect(searchWords('dragon ')).toEqual([{ phrase: 'dragon', prefix: false }]);
  });

  it('survives quotes, stars and nothing at all', () => {
    expect(searchWords('"red* OR NEAR(')).toEqual([
      { phrase: 'red', prefix: false },
      { phrase: 'or', prefix: false },
      { phrase: 'near', prefix: false },
    ]);
    expect(searchWords('"*-')).toEqual([]);
  });
});
