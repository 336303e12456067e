/** Renders drawings with soft filters, and removes the haze that these leave around things. */
import type { Size } from '@limner/contract';
import { type Raster, rasterise } from './raster.ts';

/** Outside of hard shapes, alpha up to this is the spill of a blur. */
const HAZE = 36;

/** `svg` is drawn in pixels of `view`, and rendered as large as `size`. */
export async function rasteriseSoft(svg: string, view: Size, size: Size = view): Promise<Raster> {
  if (!svg.includes('<filter')) return rasterise(svg, view, size);
  const half = { width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) };
  const [picture, hard] = await Promise.all([
    rasterise(svg, view, size),
    rasterise(hardShapes(svg), view, half),
  ]);
  clearHaze(picture, hard);
  return picture;
}

/** The remaining alpha also ends softly. `hard`: at half the size. */
function clearHaze({ data, width, height }: Raster, hard: Raster): void {
  for (let y = 0, at = 3; y < height; y++) {
    const row = (y >> 1) * hard.width;
    for (let x = 0; x < width; x++, at += 4) {
      if (data[at] === 0 || hard.data[4 * (row + (x >> 1)) + 3] !== 0) continue;
      const left = (((data[at] as number) - HAZE) * 255) / (255 - HAZE);
      if (left < 1) data.fill(0, at - 3, at + 1);
      else data[at] = left;
    }
  }
}

/** In one colour, which is quicker to render. */
const hardShapes = (svg: string): string =>
  withoutFilters(svg).replace(/ (fill|stroke)="url\([^"]*"/g, ' $1="#000"');

/** Omits shapes that exist only as a blur; draws shapes with a shading filter plain. */
export function withoutFilters(svg: string): string {
  const blurs = new Set(
    [...svg.matchAll(/<filter\b[^>]*\bid="([^"]+)"[^>]*>(.*?)<\/filter>/gs)]
      .filter(([, , steps]) => !/<fe(?!GaussianBlur)/.test(steps as string))
      .map(([, id]) => id),
  );
  return svg.replace(/ filter="url\(#([^)]+)\)"/g, (_, id: string) =>
    blurs.has(id) ? ' display="none"' : '',
  );
}
