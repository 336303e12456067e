/** Reads the texts of a picture in the browser, without an upload. */
import { isPng, pngTexts } from '@limner/contract';
import { isJpeg, jpegTexts } from './jpeg-texts.ts';
import { isWebp, webpTexts } from './webp-texts.ts';

/** By keyword, as in a PNG. */
export type PictureTexts = ReadonlyMap<string, string>;

/** By the first bytes, not by the name. Of texts with one keyword the first counts. */
export async function textsOf(bytes: ArrayBuffer): Promise<PictureTexts> {
  const file = new Uint8Array(bytes);
  const found = isPng(file)
    ? await pngTexts(file)
    : isJpeg(file)
      ? jpegTexts(file)
      : isWebp(file)
        ? webpTexts(file)
        : [];
  return new Map(found.reverse());
}
