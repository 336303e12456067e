/** Parts of pictures and masks. */
import type { Size } from '@limner/contract';
import { type Pixels, rawRgba } from '../../embedded/picture.ts';
import type { MaskPlane } from '../../repaint/mask-plane.ts';

export interface Region extends Size {
  left: number;
  top: number;
}

/** The smallest rectangle around all that is masked; null: nothing is. */
export function coveredBy({ values, width, height }: MaskPlane): Region | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      if (values[at] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The rectangle with `share` of its longer side more on each side, within the picture. */
export function withSurroundings(part: Region, canvas: Size, share: number): Region {
  const around = Math.max(8, Math.round(share * Math.max(part.width, part.height)));
  const [left, top] = [Math.max(0, part.left - around), Math.max(0, part.top - around)];
  const right = Math.min(canvas.width, part.left + part.width + around);
  const bottom = Math.min(canvas.height, part.top + part.height + around);
  return { left, top, width: right - left, height: bottom - top };
}

export async function cropped(picture: Pixels, { left, top, width, height }: Region): Promise<Pixels> {
  if (width === picture.width && height === picture.height) return picture;
  const rgba = await rawRgba(picture).extract({ left, top, width, height }).raw().toBuffer();
  return { width, height, rgba };
}

export function croppedMask({ values, width }: MaskPlane, { left, top, ...size }: Region): MaskPlane {
  const part = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const start = (top + y) * width + left;
    part.set(values.subarray(start, start + size.width), y * size.width);
  }
  return { width: size.width, height: size.height, values: part };
}

/** Every byte of the part, transparency included, takes its place in the picture. Changes the picture in place. */
export function putInPlace(picture: Pixels, part: Pixels, { left, top }: Pick<Region, 'left' | 'top'>): void {
  for (let y = 0; y < part.height; y++) {
    const row = part.rgba.subarray(4 * y * part.width, 4 * (y + 1) * part.width);
    row.copy(picture.rgba, 4 * ((top + y) * picture.width + left));
  }
}
