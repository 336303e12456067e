/** The size limit of enlarged pictures, for every engine. */
import { type Size, StudioError } from '@limner/contract';

/** The default of every family that enlarges. */
export const DEFAULT_FACTOR = 2;

/** 64 megapixels: 256 MB of memory. */
export const MOST_PIXELS = 64_000_000;
/** Browsers and graphics cards do not show longer sides. */
export const MOST_SIDE_PX = 16_384;

/** @throws StudioError `result_too_large` with the field `params.factor` */
export function refuseLargeResult(picture: Size, factor: number): void {
  const [width, height] = [picture.width * factor, picture.height * factor];
  if (width * height <= MOST_PIXELS && Math.max(width, height) <= MOST_SIDE_PX) return;
  throw new StudioError('result_too_large', {
    data: { factor, width, height, limit: MOST_PIXELS / 1e6, side: MOST_SIDE_PX },
    field: 'params.factor',
  });
}
