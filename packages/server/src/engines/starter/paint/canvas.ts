/** Conversion between pictures of any aspect ratio and the model's square canvas. */
import type { Size } from '@limner/contract';
import { type Pixels, rawRgba } from '../../embedded/picture.ts';
import { withLongerSide } from '../../size.ts';
import { CANVAS_PX } from './model.ts';

const NOTHING = { r: 0, g: 0, b: 0, alpha: 0 };

/** A picture in the middle of a square canvas, as large as the requested aspect ratio allows. Straight RGBA. */
export async function onCanvas(picture: Pixels, shape: Size, sidePx = CANVAS_PX): Promise<Buffer> {
  const { width, height } = withLongerSide(sidePx, shape);
  if (picture.width === sidePx && picture.height === sidePx && width === height) return picture.rgba;
  const [left, top] = [(sidePx - width) >> 1, (sidePx - height) >> 1];
  const [right, bottom] = [sidePx - width - left, sidePx - height - top];
  const shaped = rawRgba(picture).resize(width, height, {
    fit: 'contain',
    background: NOTHING,
  });
  // One pipeline would extend before it resizes.
  const { data, info } = await shaped.raw().toBuffer({ resolveWithObject: true });
  if (width === height) return data;
  return rawRgba({ rgba: data, width: info.width, height: info.height })
    .extend({ left, top, right, bottom, background: NOTHING })
    .raw()
    .toBuffer();
}

/** A hundredth larger than by zlib's own choice, and a quarter quicker: paintings have grain, which compresses badly. */
const PNG = { compressionLevel: 4 };

/** The middle of the square, in the requested aspect ratio. */
export async function fitted(square: Pixels, { width, height }: Size): Promise<Buffer> {
  const [left, top] = [(square.width - width) >> 1, (square.height - height) >> 1];
  return rawRgba(square).extract({ left, top, width, height }).png(PNG).toBuffer();
}

/** Alpha at both ends of the range is noise of the network: below is transparent, above is opaque. */
const [CLEAR, SOLID] = [0.03, 0.97];

/** The decoder's output as a picture. */
export function canvasPixels(planes: Float32Array): Pixels {
  const area = CANVAS_PX * CANVAS_PX;
  const rgba = Buffer.alloc(4 * area);
  for (let i = 0; i < area; i++) {
    const alpha = Math.min(1, Math.max(0, ((planes[3 * area + i] as number) - CLEAR) / (SOLID - CLEAR)));
    const by = 255 / Math.max(0.05, alpha);
    for (let c = 0; c < 3; c++) {
      rgba[4 * i + c] = Math.min(255, Math.max(0, Math.round((planes[c * area + i] as number) * by)));
    }
    rgba[4 * i + 3] = Math.round(alpha * 255);
  }
  return { width: CANVAS_PX, height: CANVAS_PX, rgba };
}
