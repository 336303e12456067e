/** Decoded pictures. The library is given, because the server loads it at first use and the child process at start. */
import { StudioError } from '@limner/contract';
import type sharpOf from 'sharp';
import type { Sharp } from 'sharp';

export interface Pixels {
  width: number;
  height: number;
  /** Straight (not premultiplied) RGBA, eight bits each, sRGB. */
  rgba: Buffer;
}

/** Upright, in sRGB, with alpha. Pictures reach us already checked against the pixel limit. */
export async function decodedBy(sharp: typeof sharpOf, picture: Buffer): Promise<Pixels> {
  try {
    const { data, info } = await sharp(picture, { limitInputPixels: false, failOn: 'error' })
      .autoOrient()
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgba: data };
  } catch (cause) {
    throw new StudioError('file_broken', { cause });
  }
}

export const rawBy = (sharp: typeof sharpOf, { rgba, width, height }: Pixels): Sharp =>
  sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false });

export function isOpaque({ rgba }: Pick<Pixels, 'rgba'>): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false;
  return true;
}
