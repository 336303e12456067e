/** The texts of a PNG: tEXt, iTXt and zTXt chunks, and the EXIF data of newer programs. */
import { latin, startsWith, utf8, utf8OrLatin } from './byte-texts.ts';
import { exifTexts } from './exif-texts.ts';
import { inflate } from './inflate.ts';
import { MAX_TEXT_BYTES, TextRoom } from './text-room.ts';

const TEXT_CHUNKS = ['tEXt', 'iTXt', 'zTXt'];

type Text = [keyword: string, text: string];

export const isPng = (file: Uint8Array): boolean => startsWith(file, '\x89PNG\r\n\x1a\n');

/** Of a whole PNG, in the order of its chunks; damaged and very long texts are left out. */
export async function pngTexts(file: Uint8Array): Promise<Text[]> {
  const texts: Text[] = [];
  const room = new TextRoom();
  // Some programs put text after the pixels, so all chunks are read.
  for (const { type, data } of chunksOf(file)) {
    if (data.length > MAX_TEXT_BYTES) continue;
    if (type === 'eXIf') texts.push(...exifTexts(data, room));
    if (!TEXT_CHUNKS.includes(type)) continue;
    if (!room.take(data.length)) break;
    const text = await textIn(type, data, room);
    if (text) texts.push(text);
  }
  return texts;
}

function* chunksOf(file: Uint8Array): Generator<{ type: string; data: Uint8Array }> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 8; at + 12 <= file.length; ) {
    const length = view.getUint32(at);
    const type = latin(file.subarray(at + 4, at + 8));
    if (type === 'IEND' || at + 12 + length > file.length) return;
    yield { type, data: file.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

async function textIn(type: string, data: Uint8Array, room: TextRoom): Promise<Text | null> {
  const end = data.indexOf(0);
  if (end === -1) return null;
  const keyword = latin(data.subarray(0, end));
  if (type === 'tEXt') return [keyword, utf8OrLatin(data.subarray(end + 1))];
  // Null, compression method.
  return type === 'zTXt'
    ? unpacked(keyword, data.subarray(end + 2), room)
    : unicodeText(keyword, data, end, room);
}

/** Keyword, null, two compression bytes, language, null, translated keyword, null, text. */
async function unicodeText(
  keyword: string,
  data: Uint8Array,
  end: number,
  room: TextRoom,
): Promise<Text | null> {
  const language = data.indexOf(0, end + 3);
  const translated = language === -1 ? -1 : data.indexOf(0, language + 1);
  if (translated === -1) return null;
  const text = data.subarray(translated + 1);
  return data[end + 1] === 0 ? [keyword, utf8(text)] : unpacked(keyword, text, room);
}

async function unpacked(keyword: string, packed: Uint8Array, room: TextRoom): Promise<Text | null> {
  const bytes = await inflate(packed, 'deflate', room);
  return bytes && [keyword, utf8OrLatin(bytes)];
}
