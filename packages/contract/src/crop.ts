/** What trainers see of a picture: a part of it, and a ground below its transparent parts. */
import { z } from 'zod';
import type { Size } from './size.ts';

const fraction = z.number().min(0).max(1);
/** Of a side; smaller parts teach nothing. */
export const MIN_CROP = 0.01;
/** Sums of fractions are rounded. */
const ROUNDING = 1e-6;

/** A rectangle in fractions of the picture's sides. */
export const Crop = z
  .strictObject({
    x: fraction,
    y: fraction,
    width: z.number().min(MIN_CROP).max(1),
    height: z.number().min(MIN_CROP).max(1),
  })
  .refine(({ x, y, width, height }) => x + width <= 1 + ROUNDING && y + height <= 1 + ROUNDING, {
    params: { reason: { en: 'must lie within the picture', zh: '必须位于图片之内' } },
  });
export type Crop = z.infer<typeof Crop>;

/** A colour that is laid below transparent parts. */
export const Ground = z.stringFormat('colour', /^#[0-9a-f]{6}$/);

/** The pixels of a crop, at least one. */
export function cropPixels({ width, height }: Size, crop: Crop): { left: number; top: number } & Size {
  const left = Math.min(width - 1, Math.round(crop.x * width));
  const top = Math.min(height - 1, Math.round(crop.y * height));
  return {
    left,
    top,
    width: Math.max(1, Math.min(width - left, Math.round(crop.width * width))),
    height: Math.max(1, Math.min(height - top, Math.round(crop.height * height))),
  };
}

export const seenSize = (size: Size, crop: Crop | null): Size => {
  if (!crop) return size;
  const { width, height } = cropPixels(size, crop);
  return { width, height };
};
