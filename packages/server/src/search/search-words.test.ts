import { describe, expect, it } from 'vitest';
import { searchText, searchWords } from './search-words.ts';

describe('searching prompts', () => {
  it('makes every Chinese character and every pair of neighbours a word and leaves the rest', () => {
    expect(searchText('一条red龙')).toBe('一 条 一条 red 龙');
    expect(searchText('红色的龙')).toBe('红 色 的 龙 红色 色的 的龙');
  });

  it('writes traditional characters simplified, in prompts and in queries', () => {
    expect(searchText('紅色的龍')).toBe(searchText('红色的龙'));
    expect(searchWords('金鑰匙')).toEqual(searchWords('金钥匙'));
  });

  it('asks for a run of Chinese by its pairs and for the last word as a beginning', () => {
    expect(searchWords('红色的龙 dra')).toEqual([
      { phrase: '红色 色的 的龙', prefix: false },
      { phrase: 'dra', prefix: true },
    ]);
    expect(searchWords('龙')).toEqual([{ phrase: '龙', prefix: false }]);
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
