/** From SVG to straight RGBA pixels and from pixels to PNG. */
import type { Size } from '@limner/contract';
import { Resvg, renderAsync } from '@resvg/resvg-js';
import sharp from 'sharp';

export interface Raster extends Size {
  /** Straight RGBA. */
  data: Buffer;
}

/** `svg` is drawn in pixels of `view`, and rendered as large as `size`. No text: fonts are not looked for. */
export async function rasterise(svg: string, view: Size, size: Size = view): Promise<Raster> {
  const { width, height, pixels } = await renderAsync(document(svg, view, size), NO_FONTS);
  return { width, height, data: straight(pixels) };
}

export interface Bounds {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The bounding box of a drawing's shapes with their strokes, without clipping; null: it has none. */
export function boundsOf(svg: string): Bounds | null {
  const box = new Resvg(document(svg, UNIT, UNIT), NO_FONTS).getBBox();
  return box ? { left: box.x, top: box.y, width: box.width, height: box.height } : null;
}

const NO_FONTS = { font: { loadSystemFonts: false } };
const UNIT = { width: 1, height: 1 };

const document = (svg: string, view: Size, { width, height }: Size): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${view.width} ${view.height}" preserveAspectRatio="none">${svg}</svg>`;

/** From premultiplied colour, in place. */
function straight(pixels: Buffer): Buffer {
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3] as number;
    if (alpha === 0 || alpha === 255) continue;
    for (let i = at; i < at + 3; i++) pixels[i] = Math.min(255, ((pixels[i] as number) * 255) / alpha + 0.5);
  }
  return pixels;
}

/** One picture laid over another of the same size. */
export async function over(upper: Raster, lower: Raster): Promise<Raster> {
  const raw = { width: lower.width, height: lower.height, channels: 4 } as const;
  const data = await sharp(lower.data, { raw })
    .composite([{ input: upper.data, raw }])
    .raw()
    .toBuffer();
  return { width: lower.width, height: lower.height, data };
}

/** Invisible pixels get no colour, so that no editor or scaler shows a fringe. */
export async function toPng({ width, height, data }: Raster): Promise<Buffer> {
  for (let at = 3; at < data.length; at += 4) {
    if (data[at] === 0) data.fill(0, at - 3, at);
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
