/**
 * Text in the lowest bits of alpha, which survives programs that drop the texts of a PNG. NovelAI writes it: column by
 * column, a name of 15 bytes, the length in bits, then JSON, packed with gzip or plain.
 */
import { inflate, MAX_TEXT_BYTES, TextRoom, utf8 } from '@limner/contract';
import type { PictureTexts } from './picture-texts.ts';

const NAMES = ['stealth_pngcomp', 'stealth_pnginfo'];
const HEADER_BYTES = 19;

/** What `ImageData` has of a picture. */
export type Pixels = Pick<ImageData, 'width' | 'height' | 'data'>;

/** Empty without a hidden text. */
export async function stealthTexts(pixels: Pixels): Promise<PictureTexts> {
  const header = bytesIn(pixels, 0, HEADER_BYTES);
  const name = utf8(header.subarray(0, HEADER_BYTES - 4));
  if (!NAMES.includes(name)) return new Map();
  const sizeBytes = new DataView(header.buffer).getUint32(HEADER_BYTES - 4) / 8;
  if (!Number.isInteger(sizeBytes) || sizeBytes > MAX_TEXT_BYTES) return new Map();
  const held = bytesIn(pixels, HEADER_BYTES, sizeBytes);
  const bytes = name === NAMES[0] ? await inflate(held, 'gzip', new TextRoom()) : held;
  return new Map(bytes ? textsIn(utf8(bytes)) : []);
}

/** Zeros behind the last pixel. */
function bytesIn({ width, height, data }: Pixels, from: number, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.min(count, Math.ceil((width * height) / 8)));
  for (let i = 0; i < bytes.length * 8; i += 1) {
    const at = from * 8 + i;
    const alpha = data[4 * ((at % height) * width + Math.floor(at / height)) + 3] ?? 0;
    bytes[i >> 3] = ((bytes[i >> 3] ?? 0) << 1) | (alpha & 1);
  }
  return bytes;
}

function textsIn(json: string): [string, string][] {
  try {
    return Object.entries(JSON.parse(json)).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    );
  } catch {
    return [];
  }
}
