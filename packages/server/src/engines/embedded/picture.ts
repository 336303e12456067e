/** Decoding and encoding around the embedded jobs. */
import { StudioError } from '@limner/contract';
import sharp, { type Sharp } from 'sharp';

export interface Pixels {
  width: number;
  height: number;
  /** Straight (not premultiplied) RGBA, eight bits each, sRGB. */
  rgba: Buffer;
}

/** Upright, in sRGB, with alpha. Pictures reach us already checked against the pixel limit. */
export async function decode(picture: Buffer): Promise<Pixels> {
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

export function rawRgba({ rgba, width, height }: Pixels): Sharp {
  return sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false });
}

export function encodePng(pixels: Pixels): Promise<Buffer> {
  return rawRgba(pixels).png({ compressionLevel: 6 }).toBuffer();
}

/** Lets timers and messages run: a long loop without a pause could not be aborted. */
export function breathe(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    setImmediate(() => (signal.aborted ? reject(signal.reason) : resolve()));
  });
}
