/** Text files beside the pictures of a training: which picture they belong to, and what they say in whatever encoding an editor wrote. */
import { StudioError } from './error.ts';
import { MAX_CAPTION_CHARS } from './limits.ts';

const ENDING = /\.(txt|caption)$/i;
const ENDINGS = ['.txt', '.caption'];

export const isCaptionFile = (name: string): boolean => ENDING.test(name);

/** The one of these files that belongs to a picture: `a.txt`, `a.caption`, `a.png.txt` or `a.png.caption` to `a.png`. */
export function captionFileOf<T extends { name: string }>(
  picture: string,
  files: readonly T[],
): T | undefined {
  const stem = picture.replace(/\.[^.]+$/, '');
  const wanted = [stem, picture].flatMap((name) => ENDINGS.map((ending) => `${name}${ending}`.toLowerCase()));
  const found = wanted.map((name) => files.find((file) => file.name.toLowerCase() === name));
  return found.find((file) => file !== undefined);
}

/**
 * UTF-8 and UTF-16, also without a mark as far as it can be told apart, and GB18030.
 * @throws StudioError `caption_unreadable`, `caption_too_long`, both with the file's name
 */
export function readCaption(bytes: Uint8Array, name: string): string {
  const text = decoded(bytes);
  if (text === null || !isReadableText(text)) throw new StudioError('caption_unreadable', { data: { name } });
  const caption = text.replace(/\s+/g, ' ').trim();
  if (caption.length > MAX_CAPTION_CHARS)
    throw new StudioError('caption_too_long', { data: { name, max: MAX_CAPTION_CHARS } });
  return caption;
}

/** False for text that was read in the wrong encoding, or is none: it has control characters, marks of what could not be read, or private ones. */
export const isReadableText = (text: string): boolean => !UNREADABLE.test(text);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const UNREADABLE = /[\0-\x08\x0e-\x1f\x7f\ufffd\ue000-\uf8ff]/;
/** Letters of Europe, Chinese characters and their punctuation: what a caption is usually made of. */
const ORDINARY = /^[\t\n\r\x20-\x7e\u00a0-\u024f\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*$/;

function decoded(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decode(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return decode(bytes, 'utf-16be');
  if (bytes.includes(0)) return utf16(bytes);
  const utf8 = decode(bytes, 'utf-8');
  if (utf8 !== null) return utf8;
  const { common, rare } = chinesePairs(bytes);
  if (rare === 0) return decode(bytes, 'gb18030');
  return (isLatin(bytes) ? null : utf16(bytes)) ?? (common > rare ? decode(bytes, 'gb18030') : null);
}

/** Without a mark. Zeros are the upper halves of letters: they say which end comes first. */
function utf16(bytes: Uint8Array): string | null {
  const upper = bytes.filter((byte, at) => byte === 0 && at % 2 === 1).length;
  const lower = bytes.filter((byte, at) => byte === 0 && at % 2 === 0).length;
  const [likely, other] = lower > upper ? ['utf-16be', 'utf-16le'] : ['utf-16le', 'utf-16be'];
  return ordinary(bytes, likely) ?? ordinary(bytes, other);
}

function ordinary(bytes: Uint8Array, encoding = ''): string | null {
  const text = decode(bytes, encoding);
  return text !== null && ORDINARY.test(text) ? text : null;
}

function decode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** In GB18030 simplified Chinese is made of pairs of two high bytes; only rare characters have others. */
function chinesePairs(bytes: Uint8Array): { common: number; rare: number } {
  let [common, rare] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) < 0x80) continue;
    const [high = 0, low = 0] = bytes.subarray(at, at + 2);
    if (high >= 0xa1 && high <= 0xf7 && low >= 0xa1) common += 1;
    else rare += 1;
    at += 1;
  }
  return { common, rare };
}

/** Two letters beside each other, which as UTF-16 would be one Chinese character: words in an encoding of one byte. */
const isLatin = (bytes: Uint8Array): boolean =>
  bytes.some((byte, at) => at % 2 === 0 && isLetter(byte) && isLetter(bytes[at + 1] ?? 0));

const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
