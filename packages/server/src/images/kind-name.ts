/** The format name of a refused file. */
import type { Bilingual } from '@limner/contract';

const NAMES: Record<string, string> = {
  'image/heic': 'HEIC',
  'image/heif': 'HEIC',
  'image/heic-sequence': 'HEIC',
  'image/vnd.adobe.photoshop': 'PSD',
  'image/jxl': 'JPEG XL',
  'image/jp2': 'JPEG 2000',
  'application/xml': 'SVG or XML',
};

const READABLE = /^(png|jpe?g|webp|gif|avif|tiff?)$/i;

/** By its first bytes, or else by its name: TGA and text have no signature. */
export function kindName(mediaType: string | undefined, fileName: string): Bilingual | string {
  // A plain TGA begins like a cursor file, so the name decides.
  if (mediaType !== undefined && mediaType !== 'image/x-icon') return NAMES[mediaType] ?? subtype(mediaType);
  const ending = /\.([a-z0-9]{2,5})$/i.exec(fileName)?.[1];
  // The content is of no format that Limner reads, so the extension of such a format is wrong.
  if (!ending || READABLE.test(ending)) return { en: 'of an unknown kind', zh: '未知类型' };
  return ending.toUpperCase();
}

/** `image/x-tga` is TGA. */
const subtype = (mediaType: string): string =>
  (mediaType.split('/')[1] ?? mediaType).replace(/^(x-|vnd\.)/, '').toUpperCase();
