/** The texts of a WebP: its EXIF chunk. */
import { exifTexts, latin, startsWith, TextRoom } from '@limner/contract';

export const isWebp = (file: Uint8Array): boolean => startsWith(file, 'RIFF') && startsWith(file, 'WEBP', 8);

export function webpTexts(file: Uint8Array): [keyword: string, text: string][] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 12; at + 8 <= file.length; ) {
    const length = view.getUint32(at + 4, true);
    if (latin(file.subarray(at, at + 4)) === 'EXIF')
      return exifTexts(file.subarray(at + 8, at + 8 + length), new TextRoom());
    // Chunks are padded to even lengths.
    at += 8 + length + (length % 2);
  }
  return [];
}
