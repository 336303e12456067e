/** Reads Photoshop documents with ag-psd, for tests: an implementation of its own. */
import { createHash } from 'node:crypto';
import { initializeCanvas, type Psd, readPsd } from 'ag-psd';
import { emptyRaster, layOver, type Raster } from '../images/stack.ts';

const noCanvas = () => {
  throw new Error('only pixels are read');
};
initializeCanvas(noCanvas, (width, height) => ({
  width,
  height,
  colorSpace: 'srgb',
  data: new Uint8ClampedArray(4 * width * height),
}));

export const readBack = (bytes: Buffer): Psd => readPsd(bytes, { useImageData: true, skipThumbnail: true });

/** What the visible layers of a document make up. */
export function stackedPsd({ width, height, children = [] }: Psd): Raster {
  const whole = emptyRaster({ width, height });
  for (const { left = 0, top = 0, opacity = 1, hidden, imageData } of children) {
    if (!imageData || hidden) continue;
    const pixels = { width: imageData.width, height: imageData.height, rgba: Buffer.from(imageData.data) };
    layOver(whole, pixels, { left, top, opacity: Math.round(255 * opacity) });
  }
  return whole;
}

/** Differs where two rasters do: a comparison byte by byte would take seconds. */
export const digest = ({ width, height, rgba }: Raster): string =>
  `${width} × ${height} ${createHash('sha256').update(rgba).digest('hex')}`;
