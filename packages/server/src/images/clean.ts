/**
 * Writes a picture anew: decoded to the last pixel (so a file that is cut short is found out), turned as its EXIF says,
 * in sRGB, and without metadata, which may tell where a photo was taken. JPEG stays JPEG; everything else becomes PNG,
 * which loses nothing and which every engine reads. Of an animation the first picture stays.
 */
import { toStudioError } from '../error.ts';
import { broken, inspect } from './inspect.ts';
import { loadSharp } from './sharp.ts';

export interface CleanPicture {
  mediaType: 'image/jpeg' | 'image/png';
  extension: 'jpg' | 'png';
  width: number;
  height: number;
}

export async function clean(source: string, target: string, maxPixels: number): Promise<CleanPicture> {
  const { mediaType } = await inspect(source, maxPixels);
  const sharp = await loadSharp();
  const turned = sharp(source, { limitInputPixels: maxPixels, failOn: 'error' }).autoOrient();
  const isJpeg = mediaType === 'image/jpeg';
  const written = isJpeg ? turned.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }) : turned.png();
  const { width, height } = await written.toFile(target).catch(damagedOrFull);
  return { width, height, ...(isJpeg ? JPEG : PNG) };
}

const JPEG = { mediaType: 'image/jpeg', extension: 'jpg' } as const;
const PNG = { mediaType: 'image/png', extension: 'png' } as const;

function damagedOrFull(error: Error): never {
  if (/no space left/i.test(error.message)) throw toStudioError(Object.assign(error, { code: 'ENOSPC' }));
  return broken(error);
}
