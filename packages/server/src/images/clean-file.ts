/** Decodes all pixels of a picture whose header was checked, and re-encodes it. */
import type { Sharp } from 'sharp';
import type { PictureHeader } from './inspect.ts';
import { loadSharp } from './sharp.ts';

export interface CleanOrder {
  source: string;
  target: string;
  header: PictureHeader;
}

export interface CleanSize {
  width: number;
  height: number;
}

export async function cleanFile({ source, target, header }: CleanOrder): Promise<CleanSize> {
  const { width, height } =
    header.mediaType === 'image/jpeg'
      ? await cleanJpeg(source, target, header)
      : await (await upright(source, header, 'error')).png().toFile(target);
  return { width, height };
}

/** Optimal Huffman tables need all coefficients at once, 6 bytes a pixel, and save a few percent. */
const OPTIMISED_PIXELS = 8_000_000;
/** What libjpeg warns of when data is missing; it fills the rest with grey and continues. */
const DATA_MISSING = /premature end|bad Huffman|instead of RST/i;

async function cleanJpeg(source: string, target: string, header: PictureHeader) {
  const optimiseCoding = header.width * header.height <= OPTIMISED_PIXELS;
  const options = { quality: 95, chromaSubsampling: '4:4:4', optimiseCoding };
  try {
    return await (await upright(source, header, 'warning')).jpeg(options).toFile(target);
  } catch (error) {
    // Cameras leave a few bytes too many before a marker; that is not damage.
    if (!/VipsJpeg/.test(String(error)) || DATA_MISSING.test(String(error))) throw error;
    return (await upright(source, header, 'error')).jpeg(options).toFile(target);
  }
}

async function upright(
  source: string,
  { width, height }: PictureHeader,
  failOn: 'warning' | 'error',
): Promise<Sharp> {
  const sharp = await loadSharp();
  return sharp(source, { limitInputPixels: width * height, failOn }).autoOrient();
}
