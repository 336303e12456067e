/** Decoding and encoding around the embedded jobs. */
import sharp, { type Sharp } from 'sharp';
import { decodedBy, type Pixels, rawBy } from '../../images/decode.ts';

export type { Pixels } from '../../images/decode.ts';

export const decode = (picture: Buffer): Promise<Pixels> => decodedBy(sharp, picture);

export const rawRgba = (pixels: Pixels): Sharp => rawBy(sharp, pixels);

export function encodePng(pixels: Pixels): Promise<Buffer> {
  return rawRgba(pixels).png({ compressionLevel: 6 }).toBuffer();
}

/** Lets timers and messages run: a long loop without a pause could not be aborted. */
export function breathe(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    setImmediate(() => (signal.aborted ? reject(signal.reason) : resolve()));
  });
}
