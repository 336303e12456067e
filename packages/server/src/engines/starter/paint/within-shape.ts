/** Limits a trained style to the shape of its drawing: it would leave smudges on the empty ground around it. */
import type { Size } from '@limner/contract';
import { type Pixels, rawRgba } from '../../embedded/picture.ts';
import { onCanvas } from './canvas.ts';
import { CANVAS_PX } from './model.ts';

/** How far a style may paint beyond the edge, in pixels of the painting: an outline is wider than its thing. */
const OVER_PX = 1.3;
/** Alpha from which the softened shape counts as the shape. */
const [LEAST, GAIN] = [10, 3];

/** The picture with alpha limited to `shape` and a narrow seam around it. Both are on the same canvas. */
export async function withinShape(picture: Pixels, shape: Pixels, form: Size): Promise<Pixels> {
  const side = picture.width;
  const mask = await softened(await onCanvas(shape, form, side), side);
  const rgba = Buffer.from(picture.rgba);
  for (let i = 0; i < mask.length; i++) {
    const room = Math.min(255, Math.max(0, ((mask[i] as number) - LEAST) * GAIN));
    const alpha = Math.round(((rgba[4 * i + 3] as number) * room) / 255);
    if (alpha === 0) rgba.fill(0, 4 * i, 4 * i + 4);
    else rgba[4 * i + 3] = alpha;
  }
  return { ...picture, rgba };
}

const softened = (rgba: Buffer, side: number): Promise<Buffer> =>
  rawRgba({ rgba, width: side, height: side })
    .extractChannel(3)
    .blur(Math.max(0.4, (OVER_PX * side) / CANVAS_PX))
    .raw()
    .toBuffer();
