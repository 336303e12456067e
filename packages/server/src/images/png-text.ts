/**
 * Text inside a PNG (PNG specification, third edition, 11.3.3), placed right after IHDR where every reader finds it:
 * tEXt for plain ASCII, which the simplest readers know, otherwise iTXt in UTF-8. Pixels are not changed.
 */
import { PNG_SIGNATURE, pngChunk, pngChunks } from './png-chunks.ts';

/** Length, type, 13 bytes of data, checksum. */
const IHDR_BYTES = 25;

/** The same picture with a text under `keyword` (1–79 Latin-1 characters). */
export function withText(png: Buffer, keyword: string, text: string): Buffer {
  const header = PNG_SIGNATURE.length + IHDR_BYTES;
  return Buffer.concat([png.subarray(0, header), textChunk(keyword, text), png.subarray(header)]);
}

/** The same picture while it is read, with texts that `add` puts behind the header. */
export async function* withTextsStreamed(
  png: AsyncIterable<Buffer>,
  add: (header: Buffer) => Buffer,
): AsyncGenerator<Buffer> {
  const header = PNG_SIGNATURE.length + IHDR_BYTES;
  let begin: Buffer | null = Buffer.alloc(0);
  for await (const bytes of png) {
    if (begin === null) {
      yield bytes;
      continue;
    }
    begin = Buffer.concat([begin, bytes]);
    if (begin.length < header) continue;
    yield add(begin.subarray(0, header));
    yield begin.subarray(header);
    begin = null;
  }
  if (begin) yield begin;
}

/** The text under `keyword`, null when there is none. */
export function textOf(png: Buffer, keyword: string): string | null {
  for (const { type, data } of pngChunks(png))
    if (isText(type) && data.toString('latin1', 0, data.indexOf(0)) === keyword) {
      if (type === 'tEXt') return data.toString('latin1', keyword.length + 1);
      // Keyword, null, two compression bytes, language, null, translated keyword, null.
      const language = data.indexOf(0, keyword.length + 3);
      return data.toString('utf8', data.indexOf(0, language + 1) + 1);
    }
  return null;
}

const isText = (type: string): boolean => type === 'iTXt' || type === 'tEXt';

function textChunk(keyword: string, text: string): Buffer {
  const isAscii = /^[\x20-\x7e\n]*$/.test(text);
  const head = isAscii ? `${keyword}\0` : `${keyword}\0\0\0\0\0`;
  const data = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(text, 'utf8')]);
  return pngChunk(isAscii ? 'tEXt' : 'iTXt', data);
}
