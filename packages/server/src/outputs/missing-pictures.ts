/** Chosen pictures whose file is missing: an archive omits and lists them. */
import { chunksOf } from '../chunks-of.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { ChosenPicture } from './chosen.ts';

/** Number of files checked at once. */
const AT_ONCE = 16;

export const MISSING_NAME = 'MISSING.txt';

export interface Presence {
  /** With the real file size, because an archive states its length before its first byte. */
  present: ChosenPicture[];
  missing: ChosenPicture[];
}

export async function presenceOf(blobs: Blobs, pictures: ChosenPicture[]): Promise<Presence> {
  const presence: Presence = { present: [], missing: [] };
  for (const some of chunksOf(pictures, AT_ONCE)) {
    const stats = await Promise.all(some.map(({ file }) => blobs.stat(file)));
    for (const [i, picture] of some.entries()) {
      const stat = stats[i];
      if (stat) presence.present.push({ ...picture, sizeBytes: stat.sizeBytes });
      else presence.missing.push(picture);
    }
  }
  return presence;
}

/** The text of `MISSING.txt`; CRLF, so that old Windows editors show the lines too. */
export function missingText(missing: ChosenPicture[]): string {
  const lines = [
    'These pictures are not in this archive, because their files are gone from the outputs folder:',
    '这些图片的文件已不在 outputs 文件夹中，因此未包含在压缩包里：',
    '',
    ...missing.map((picture) => `${picture.fileName}  (${picture.file})`),
    '',
  ];
  return lines.join('\r\n');
}
