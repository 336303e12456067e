/** The texts of a JPEG: EXIF data, and the comment segment that some programs use instead. */
import { exifTexts, plainComment, startsWith, TextRoom } from '@limner/contract';

export const isJpeg = (file: Uint8Array): boolean => file[0] === 0xff && file[1] === 0xd8;

const [APP1, COMMENT, START_OF_SCAN] = [0xe1, 0xfe, 0xda];

export function jpegTexts(file: Uint8Array): [keyword: string, text: string][] {
  const texts: [string, string][] = [];
  const room = new TextRoom();
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff; ) {
    const marker = file[at + 1] ?? 0;
    // Markers may be padded.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === START_OF_SCAN) break;
    const length = ((file[at + 2] ?? 0) << 8) | (file[at + 3] ?? 0);
    const data = file.subarray(at + 4, at + 2 + length);
    if (marker === APP1 && startsWith(data, 'Exif\0\0')) texts.push(...exifTexts(data, room));
    if (marker === COMMENT) texts.push(...plainComment(data));
    at += 2 + Math.max(length, 2);
  }
  return texts;
}
