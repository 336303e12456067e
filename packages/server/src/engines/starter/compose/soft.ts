/**
 * Renders drawings with soft filters quickly. Blurs cost by the pixel and have nothing fine in them, so they are rendered
 * small; the fine lines come from a rendering without filters at full size. Of that one only the detail is taken: what it
 * has that the same without filters, rendered small, has not.
 */
import sharp from 'sharp';
import { type Raster, rasterise } from './raster.ts';

/** Up to so many pixels the plain way is quick enough. */
const SMALL = 420;
/** Soft things are rendered so many times smaller, but not below so many pixels: their steps would show along edges. */
const [TIMES_SMALLER, LEAST] = [2.4, 300];
/** Fainter haze than this, outside of every hard shape, is the spill of a blur and not part of the picture. */
const HAZE = 36;

export async function rasteriseSoft(svg: string, width: number, height: number): Promise<Raster> {
  const side = Math.max(width, height);
  if (side <= SMALL || !svg.includes('<filter')) return rasterise(svg, width, height);
  const shrink = Math.max(LEAST, side / TIMES_SMALLER) / side;
  const [w, h] = [Math.round(width * shrink), Math.round(height * shrink)];
  const bare = withoutFilters(svg);
  const [soft, small, hard] = await Promise.all([
    rasterise(scaled(svg, width, height, w, h), w, h),
    rasterise(scaled(bare, width, height, w, h), w, h),
    rasterise(bare, width, height),
  ]);
  const [base, plain] = await Promise.all([resized(soft, width, height), resized(small, width, height)]);
  return sum(base, hard, plain);
}

const scaled = (svg: string, width: number, height: number, w: number, h: number): string =>
  `<g transform="scale(${w / width} ${h / height})">${svg}</g>`;

/** What exists only as a blur is left out; what a filter shades is drawn plain. */
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

async function resized({ width, height, data }: Raster, toWidth: number, toHeight: number): Promise<Raster> {
  const out = await sharp(data, { raw: { width, height, channels: 4 } })
    .resize(toWidth, toHeight, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  return { width: toWidth, height: toHeight, data: out };
}

/** base + (hard − plain), in premultiplied colour. */
function sum({ width, height, data: base }: Raster, { data: hard }: Raster, { data: plain }: Raster): Raster {
  const out = Buffer.alloc(base.length);
  for (let at = 0; at < base.length; at += 4) {
    const [a, b, c] = [base[at + 3] as number, hard[at + 3] as number, plain[at + 3] as number];
    const alpha = Math.max(0, Math.min(255, a + b - c));
    if (alpha < 1 || (b === 0 && alpha < HAZE)) continue;
    for (let channel = 0; channel < 3; channel++) {
      const i = at + channel;
      const value = ((base[i] as number) * a + (hard[i] as number) * b - (plain[i] as number) * c) / alpha;
      out[i] = value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
    }
    out[at + 3] = Math.round(alpha);
  }
  return { width, height, data: out };
}
