import { describe, expect, it } from 'vitest';
import { Lines, plain } from './lines.ts';

const bytes = (text: string) => Buffer.from(text);

describe('the lines of a stream', () => {
  it('end at line feeds and at carriage returns, across chunks; empty ones are left out', () => {
    const lines = new Lines();
    expect(lines.push(bytes('one\r\ntwo\r\rthr'))).toEqual(['one', 'two']);
    expect(lines.push(bytes('ee\n'))).toEqual(['three']);
    expect(lines.end()).toEqual([]);
  });

  it('are whole where a chunk ends within a character', () => {
    const lines = new Lines();
    const [first, rest] = [bytes('█画\n').subarray(0, 4), bytes('█画\n').subarray(4)];
    expect(lines.push(first)).toEqual([]);
    expect(lines.push(rest)).toEqual(['█画']);
  });

  it('are cut where one has no end, and the rest of it is dropped', () => {
    const lines = new Lines();
    for (let i = 0; i < 100; i += 1) expect(lines.push(Buffer.alloc(65_536, 'x'))).toEqual([]);
    const [line = '', next] = lines.push(bytes('y\nnext\n'));
    expect(line.length).toBeLessThanOrEqual(4_000);
    expect(next).toBe('next');
  });

  it('have no colours and control characters; an unfinished one comes at the end', () => {
    const lines = new Lines();
    expect(lines.push(bytes('\u001b[31mred\u001b[0m\u0007 text\u001b[K\nhalf'))).toEqual(['red text']);
    expect(lines.end()).toEqual(['half']);
    expect(plain('a\tb')).toBe('a\tb');
  });
});
