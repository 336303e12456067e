/**
 * Stacks pictures with alpha: the only place that says what layers make up together. All of it is integer arithmetic, so
 * that the same layers make the same bytes everywhere.
 *
 * Pixels have eight bits per channel in sRGB, and straight alpha. A layer is laid over what is below it as W3C's
 * Compositing (source over, without linear light) and the usual mode of Photoshop, GIMP and Krita say. With the layer's
 * alpha s and that below it d, from 0 to 255:
 *
 *   255 a = 255 s + d (255 − s)       the alpha, rounded to a whole number
 *   c     = (255 s cs + d (255 − s) cd) / 255 a, rounded; 0 where a is 0
 *
 * Rounded once for each layer, from the lowest up.
 */
import { setImmediate as breath } from 'node:timers/promises';
import type { Size } from '@limner/contract';
import { withinMemory } from './pixel-gate.ts';
import { loadSharp } from './sharp.ts';

export interface Raster extends Size {
  /** Four bytes per pixel: red, green, blue, straight alpha. */
  rgba: Buffer;
}

export interface Placing {
  /** Pixels from the upper left corner of the whole. */
  left: number;
  top: number;
  /** 0…255 */
  opacity: number;
}

export const IN_PLACE: Placing = { left: 0, top: 0, opacity: 255 };

export const emptyRaster = ({ width, height }: Size): Raster => ({
  width,
  height,
  rgba: Buffer.alloc(4 * width * height),
});

/** @throws an error of the library for what is no picture */
export async function decodeRaster(picture: Buffer): Promise<Raster> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(picture, { failOn: 'error' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}

export async function encodeRaster({ width, height, rgba }: Raster): Promise<Buffer> {
  const sharp = await loadSharp();
  const raw = { width, height, channels: 4 } as const;
  return sharp(rgba, { raw, limitInputPixels: false }).png({ compressionLevel: 6 }).toBuffer();
}

/** Lays a layer over the whole, which it changes. Parts beyond the whole are cut off. */
export function layOver(whole: Raster, layer: Raster, { left, top, opacity }: Placing = IN_PLACE): void {
  const [fromX, toX] = [Math.max(0, left), Math.min(whole.width, left + layer.width)];
  const [fromY, toY] = [Math.max(0, top), Math.min(whole.height, top + layer.height)];
  for (let y = fromY; y < toY; y++) {
    let at = 4 * (y * whole.width + fromX);
    let of = 4 * ((y - top) * layer.width + fromX - left);
    for (let x = fromX; x < toX; x++, at += 4, of += 4) layPixel(whole.rgba, at, layer.rgba, of, opacity);
  }
}

function layPixel(below: Buffer, at: number, layer: Buffer, of: number, opacity: number): void {
  const s = Math.round(((layer[of + 3] as number) * opacity) / 255);
  if (s === 0) return;
  const under = (below[at + 3] as number) * (255 - s);
  const alpha = 255 * s + under;
  for (let channel = 0; channel < 3; channel++) {
    const sum = 255 * s * (layer[of + channel] as number) + under * (below[at + channel] as number);
    below[at + channel] = Math.round(sum / alpha);
  }
  below[at + 3] = Math.round(alpha / 255);
}

/** What whole pictures make up, the lowest first, at the size of the largest. One is decoded at a time. */
export async function stackOf(pictures: readonly Buffer[]): Promise<Raster> {
  const sharp = await loadSharp();
  const sizes = await Promise.all(pictures.map((picture) => sharp(picture).metadata()));
  const width = Math.max(...sizes.map((size) => size.width));
  const height = Math.max(...sizes.map((size) => size.height));
  // The whole and one layer.
  return withinMemory(2 * width * height, async () => {
    const whole = emptyRaster({ width, height });
    for (const picture of pictures) {
      layOver(whole, await decodeRaster(picture));
      await breath();
    }
    return whole;
  });
}
