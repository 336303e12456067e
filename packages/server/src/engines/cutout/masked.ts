/**
 * From a network's small mask to a cut-out at the picture's full size: the mask is sharpened along the picture's own
 * edges, and colours along the outline are replaced by those further inside, so that no fringe of the ground remains.
 */
import sharp from 'sharp';
import { bleed } from '../embedded/bleed.ts';
import { breathe, type Pixels } from '../embedded/picture.ts';
import { guidedFilter } from './guided-filter.ts';

export interface Mask {
  width: number;
  height: number;
  /** 0…1 */
  values: Float32Array;
}

const EPSILON = 1e-4;
const [LOW, HIGH] = [0.08, 0.92];

export async function cutByMask(source: Pixels, mask: Mask, signal: AbortSignal): Promise<Pixels> {
  const large = await resized(mask, source.width, source.height);
  await breathe(signal);
  const radius = Math.max(
    2,
    Math.round((1.5 * Math.max(source.width, source.height)) / Math.max(mask.width, mask.height)),
  );
  const refined = guidedFilter(large, brightness(source), source, radius, EPSILON);
  await breathe(signal);
  const pixels = { ...source, rgba: Buffer.from(source.rgba) };
  for (let i = 0; i < refined.length; i++) {
    const alpha = Math.min(1, Math.max(0, ((refined[i] as number) - LOW) / (HIGH - LOW)));
    pixels.rgba[4 * i + 3] = Math.round(alpha * (source.rgba[4 * i + 3] as number));
  }
  // Only nearly opaque pixels show the thing's own colour; the others take it from them.
  bleed(
    pixels.rgba,
    4,
    pixels.width,
    pixels.height,
    (i) => Math.max(0, (pixels.rgba[4 * i + 3] as number) / 255 - 0.9) * 10,
  );
  return pixels;
}

async function resized(mask: Mask, width: number, height: number): Promise<Float32Array> {
  const levels = Buffer.from(
    Uint8Array.from(mask.values, (value) => Math.round(255 * Math.min(1, Math.max(0, value)))),
  );
  const raw = { width: mask.width, height: mask.height, channels: 1 as const };
  const large = await sharp(levels, { raw, limitInputPixels: false })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .extractChannel(0)
    .raw()
    .toBuffer();
  return Float32Array.from(large, (level) => level / 255);
}

function brightness({ rgba, width, height }: Pixels): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    return (
      (0.299 * (rgba[4 * i] as number) +
        0.587 * (rgba[4 * i + 1] as number) +
        0.114 * (rgba[4 * i + 2] as number)) /
      255
    );
  });
}

/** The picture as the network's input: scaled to its size, three planes of 0…1 on white. */
export async function planesFor(source: Pixels, width: number, height: number): Promise<Float32Array> {
  const raw = { width: source.width, height: source.height, channels: 4 as const };
  const rgb = await sharp(source.rgba, { raw, limitInputPixels: false })
    .flatten({ background: '#ffffff' })
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer();
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) planes[c * plane + i] = (rgb[3 * i + c] as number) / 255;
  return planes;
}
