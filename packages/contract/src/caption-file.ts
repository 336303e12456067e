/** Caption files beside the pictures of a training: finds the picture of each file, and decodes the file. */
import { StudioError } from './error.ts';
import { MAX_CAPTION_CHARS } from './limits.ts';

const ENDING = /\.(txt|caption)$/i;
const ENDINGS = ['.txt', '.caption'];

export const isCaptionFile = (name: string): boolean => ENDING.test(name);

/** The caption file of a picture: `a.txt`, `a.caption`, `a.png.txt` or `a.png.caption` for `a.png`. */
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
 * Decodes UTF-8, UTF-16 and GB18030. UTF-16 needs no byte order mark if its text has the characters of usual captions.
 * @throws StudioError `caption_unreadable`, `caption_too_long`, both with the file's name
 */
export function readCaption(bytes: Uint8Array, name: string): string {
  const text = decodedText(bytes);
  if (text === null || !isReadableText(text)) throw new StudioError('caption_unreadable', { data: { name } });
  const caption = text.replace(/\s+/g, ' ').trim();
  if (caption.length > MAX_CAPTION_CHARS)
    throw new StudioError('caption_too_long', { data: { name, max: MAX_CAPTION_CHARS } });
  return caption;
}

/** False for text decoded in the wrong encoding: it has control characters, replacement characters or private ones. */
export const isReadableText = (text: string): boolean => !UNREADABLE.test(text);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const UNREADABLE = /[\0-\x08\x0e-\x1f\x7f\ufffd\ue000-\uf8ff]/;
/** The characters of usual captions: European letters, Chinese characters and their punctuation. */
const ORDINARY = /^[\t\n\r\x20-\x7e\u00a0-\u024f\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*$/;

export function decodedText(bytes: Uint8Array): string | null {
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

/** UTF-16 without a byte order mark. A zero is the upper byte of a letter, so its position shows the byte order. */
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

/** In GB18030 simplified Chinese characters are pairs of high bytes; only rare characters use other bytes. */
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

/** Two adjacent bytes that are letters, so a text in a one-byte encoding. Read as UTF-16 they would be one Chinese character. */
const isLatin = (bytes: Uint8Array): boolean =>
  bytes.some((byte, at) => at % 2 === 0 && isLetter(byte) && isLetter(bytes[at + 1] ?? 0));

const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
