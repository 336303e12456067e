/**
 * Text inside a PNG (PNG specification, third edition, 11.3.3), placed right after IHDR where every reader finds it:
 * tEXt for plain ASCII, which the simplest readers know, otherwise iTXt in UTF-8. Pixels are not changed.
 */
import { crc32 } from 'node:zlib';

const SIGNATURE_BYTES = 8;
/** Length, type, 13 bytes of data, checksum. */
const IHDR_BYTES = 25;

/** The same picture with a text under `keyword` (1–79 Latin-1 characters). */
export function withText(png: Buffer, keyword: string, text: string): Buffer {
  const header = SIGNATURE_BYTES + IHDR_BYTES;
  return Buffer.concat([png.subarray(0, header), textChunk(keyword, text), png.subarray(header)]);
}

/** The text under `keyword`, null when there is none. */
export function textOf(png: Buffer, keyword: string): string | null {
  for (let at = SIGNATURE_BYTES; at + 12 <= png.length; ) {
    const length = png.readUInt32BE(at);
    const data = png.subarray(at + 8, at + 8 + length);
    const type = png.toString('latin1', at + 4, at + 8);
    if (isText(type) && data.toString('latin1', 0, data.indexOf(0)) === keyword) {
      if (type === 'tEXt') return data.toString('latin1', keyword.length + 1);
      // Keyword, null, two compression bytes, language, null, translated keyword, null.
      const language = data.indexOf(0, keyword.length + 3);
      return data.toString('utf8', data.indexOf(0, language + 1) + 1);
    }
    at += 12 + length;
  }
  return null;
}

const isText = (type: string): boolean => type === 'iTXt' || type === 'tEXt';

function textChunk(keyword: string, text: string): Buffer {
  const isAscii = /^[\x20-\x7e\n]*$/.test(text);
  const head = isAscii ? `tEXt${keyword}\0` : `iTXt${keyword}\0\0\0\0\0`;
  const typed = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(text, 'utf8')]);
  const chunk = Buffer.alloc(typed.length + 8);
  chunk.writeUInt32BE(typed.length - 4, 0);
  typed.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(typed), typed.length + 4);
  return chunk;
}
