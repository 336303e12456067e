import { describe, expect, it } from 'vitest';
import { decimal, fraction, outpaint, seed, size, wholeNumber } from './options.ts';
import { WORDS } from './words.ts';

const words = WORDS.en;
const BAD_WHOLE = ['', ' ', 'abc', 'NaN', '1e9', '-5', '0', '33', '1.5', 'Infinity', '0x10'];

describe('a number of an option', () => {
  it.each(BAD_WHOLE)('%j is refused with the option and its range', (text) => {
    expect(() => wholeNumber(words, '--count', 1, 32)(text)).toThrow(/--count.*1.*32/);
  });

  it.each(['', 'abc', 'NaN', '-0.1', '1.1', '1e9'])('%j is no fraction', (text) => {
    expect(() => fraction(words, '--denoise')(text)).toThrow(/--denoise/);
  });

  it.each(['', 'abc', 'NaN', '-1', '0', 'Infinity'])('%j is no positive number', (text) => {
    expect(() => decimal(words, '--learning-rate')(text)).toThrow(/--learning-rate/);
  });

  it.each(['', 'abc', '512', '8x8', '-64x64', '64x1e3', 'NaNxNaN'])('%j is no size', (text) => {
    expect(() => size(words)(text)).toThrow(/--size/);
  });

  it('a side out of range is named with the range', () => {
    expect(() => size(words)('5000x10')).toThrow(
      '--size: 5000 and 10 out of range. Width and height are each from 16 to 4096 pixels.',
    );
    expect(() => size(words)('512x8')).toThrow('--size: 8 out of range.');
  });

  it('with leading zeros is decimal, as `seq -w` and file names write it, and never octal', () => {
    expect(wholeNumber(words, '--steps', 1, 100)('016')).toBe(16);
    expect(seed(words, '--seed')('016')).toBe(16);
    expect(size(words)('0512x0064')).toEqual({ width: 512, height: 64 });
    expect(decimal(words, '--learning-rate')('00.5')).toBe(0.5);
  });

  it.each([
    '',
    'left',
    'left=',
    'left=0',
    'feather=9',
    'up=3',
    'left=4097',
    'left=8;top=8',
    'left=8,feather=257',
  ])('%j extends nothing', (text) => {
    expect(() => outpaint(words, '--outpaint')(text)).toThrow(/--outpaint .*4096.*256/);
  });

  it('sides that are not named stay, with the usual soft edge', () => {
    const sides = { left: 256, top: 0, right: 0, bottom: 64 };
    expect(outpaint(words, '--outpaint')('left=256, bottom=64')).toEqual({ ...sides, feather: 32 });
    expect(outpaint(words, '--outpaint')('ｌｅｆｔ＝２５６，bottom=64,feather=0')).toEqual({
      ...sides,
      feather: 0,
    });
  });

  it('may be written in full-width digits', () => {
    expect(wholeNumber(words, '--count', 1, 32)('１２')).toBe(12);
    expect(fraction(words, '--denoise')('０．５')).toBe(0.5);
    expect(size(words)('１２８×６４')).toEqual({ width: 128, height: 64 });
    expect(seed(words, '--seed')('１２８')).toBe(128);
  });
});
