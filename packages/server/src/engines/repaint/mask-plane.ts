/** Masks as one value per pixel: 0 keeps the original, 255 repaints, values between mix both. */
import { extendedSize, type Outpaint, type Size } from '@limner/contract';
import { decodedBy } from '../../images/decode.ts';
import { inSlices } from '../../images/in-slices.ts';
import { loadSharp } from '../../images/sharp.ts';
import { scaledTo } from './scaled.ts';

export interface MaskPlane extends Size {
  values: Uint8Array;
}

/** White and opaque is repainted. A mask of another size is stretched. */
export async function readMask(picture: Buffer, { width, height }: Size): Promise<MaskPlane> {
  const { rgba } = await scaledTo(await decodedBy(await loadSharp(), picture), { width, height });
  const values = new Uint8Array(width * height);
  await inSlices(values.length, (from, to) => {
    for (let i = from; i < to; i++)
      values[i] = Math.round(((rgba[4 * i] as number) * (rgba[4 * i + 3] as number)) / 255);
  });
  return { width, height, values };
}

/** Grey, so that every reader finds the value in each colour channel. */
export async function maskPng({ values, width, height }: MaskPlane): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(values, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .toColourspace('b-w')
    .png({ compressionLevel: 4 })
    .toBuffer();
}

/**
 * The mask of an extended picture: the margins, the original's own mask, and a soft edge inside the original along each
 * extended side. The edge reaches at most to the middle, so that the middle is kept.
 */
export async function extendedMask(
  own: MaskPlane | null,
  picture: Size,
  outpaint: Outpaint,
): Promise<MaskPlane> {
  const { left, top, right, bottom, feather } = outpaint;
  const { width, height } = extendedSize(picture, outpaint);
  const values = new Uint8Array(width * height).fill(255);
  const across = fades(picture.width, left > 0, right > 0, feather);
  const down = fades(picture.height, top > 0, bottom > 0, feather);
  const fill = (y: number) => {
    const row = (top + y) * width + left;
    for (let x = 0; x < picture.width; x++) {
      const kept = own?.values[y * picture.width + x] ?? 0;
      values[row + x] = Math.max(kept, across[x] as number, down[y] as number);
    }
  };
  const rows = (from: number, to: number) => {
    for (let y = from; y < to; y++) fill(y);
  };
  await inSlices(picture.height, rows, { pixels: picture.width });
  return { width, height, values };
}

/** Along one axis: from 255 at an extended edge to 0 at the end of the soft edge. */
function fades(length: number, atStart: boolean, atEnd: boolean, feather: number): Uint8Array {
  const reach = Math.min(feather, length >> 1);
  const fade = (distance: number) => {
    if (distance >= reach) return 0;
    const left = 1 - (distance + 0.5) / reach;
    return Math.round(255 * left * left * (3 - 2 * left));
  };
  return Uint8Array.from({ length }, (_, at) =>
    Math.max(atStart ? fade(at) : 0, atEnd ? fade(length - 1 - at) : 0),
  );
}
