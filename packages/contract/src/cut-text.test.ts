import { describe, expect, it } from 'vitest';
import { cutText } from './cut-text.ts';

describe('a text that is cut', () => {
  it('ends before a character that does not fit as a whole', () => {
    expect(cutText('画🐉', 3)).toBe('画🐉');
    expect(cutText('画🐉', 2)).toBe('画');
    expect(cutText('dragon', 3)).toBe('dra');
  });
});
