/** From SVG to straight RGBA pixels and from pixels to PNG. */
import sharp from 'sharp';

export interface Raster {
  width: number;
  height: number;
  /** Straight RGBA. */
  data: Buffer;
}

export async function rasterise(svg: string, width: number, height: number): Promise<Raster> {
  const { data, info } = await sharp(Buffer.from(document(svg, width, height)), { unlimited: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const document = (svg: string, width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${svg}</svg>`;

/** One picture laid over another of the same size. */
export async function over(upper: Raster, lower: Raster): Promise<Raster> {
  const raw = { width: lower.width, height: lower.height, channels: 4 } as const;
  const data = await sharp(lower.data, { raw })
    .composite([{ input: upper.data, raw }])
    .raw()
    .toBuffer();
  return { width: lower.width, height: lower.height, data };
}

/** Invisible pixels carry no colour, so that no editor or scaler ever shows a fringe of it. */
export async function toPng({ width, height, data }: Raster): Promise<Buffer> {
  for (let at = 3; at < data.length; at += 4) {
    if (data[at] === 0) data.fill(0, at - 3, at);
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
