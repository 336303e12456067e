import { describe, expect, it } from 'vitest';
import { captionFileOf, readCaption } from './caption-file.ts';
import { StudioError } from './error.ts';
import { MAX_CAPTION_CHARS } from './limits.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const utf16 = (text: string, big: boolean, mark: boolean) => {
  const bytes = Buffer.from(mark ? `\ufeff${text}` : text, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

describe('a caption file', () => {
  const WORDS = ['a red circle', '红色的圆', '一只猫, a cat', '小さな家'];
  it('is read in UTF-8 and UTF-16, with a mark', () => {
    for (const words of WORDS) {
      expect(readCaption(Buffer.from(words), 'p.txt')).toBe(words);
      expect(readCaption(Buffer.from(`\ufeff${words}`), 'p.txt')).toBe(words);
      for (const big of [false, true]) expect(readCaption(utf16(words, big, true), 'p.txt')).toBe(words);
    }
  });

  it('is read in UTF-16 without a mark', () => {
    for (const words of ['a red circle', '红色的圆', '一只猫，蓝色'])
      for (const big of [false, true])
        expect(readCaption(utf16(words, big, false), `${words} ${big}`)).toBe(words);
  });

  it('is read in GB18030, as Notepad wrote it, with rare characters too', () => {
    expect(readCaption(hex('baec c9ab b5c4 d4b2'), 'p.txt')).toBe('红色的圆');
    expect(readCaption(hex('61 20 c3a8 a3ac d2bb d6bb'), 'p.txt')).toBe('a 猫，一只');
    expect(readCaption(hex('d6ec e946 bbf9'), 'p.txt')).toBe('朱镕基');
  });

  it('becomes one line without blanks at its ends', () => {
    expect(readCaption(Buffer.from('  a cat,\r\n sitting \n'), 'p.txt')).toBe('a cat, sitting');
    expect(readCaption(Buffer.alloc(0), 'p.txt')).toBe('');
  });

  it('is refused by its name when it is no text, in another encoding or too long', () => {
    const refused = (bytes: Uint8Array) => {
      try {
        return readCaption(bytes, 'p7.txt');
      } catch (error) {
        return error instanceof StudioError ? [error.code, error.data.name] : error;
      }
    };
    expect(refused(Buffer.from('caf\xe9', 'latin1'))).toEqual(['caption_unreadable', 'p7.txt']);
    expect(refused(hex('89504e470d0a1a0a0000000d49484452'))).toEqual(['caption_unreadable', 'p7.txt']);
    expect(refused(Buffer.from('\ufffd\ufffdɫ'))).toEqual(['caption_unreadable', 'p7.txt']);
    expect(refused(Buffer.from('x'.repeat(MAX_CAPTION_CHARS + 1)))).toEqual(['caption_too_long', 'p7.txt']);
  });

  it('belongs to the picture of its name', () => {
    const files = ['a.caption', 'B.TXT', 'c.png.txt', 'c.txt', 'other.txt'].map((name) => ({ name }));
    const of = (picture: string) => captionFileOf(picture, files)?.name;
    expect(['a.png', 'b.jpg', 'c.png', 'd.png', 'x.y.png'].map(of)).toEqual([
      'a.caption',
      'B.TXT',
      'c.txt',
      undefined,
      undefined,
    ]);
  });
});
