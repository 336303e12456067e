/** A size as text, `1024x1024`, within the limits of the studio. */
import { MAX_SIDE_PX, MIN_SIDE_PX, type Size } from '@limner/contract';
import { z } from 'zod';

const isSide = (px: number): boolean => px >= MIN_SIDE_PX && px <= MAX_SIDE_PX;

const sizeOf = (text: string): Size => {
  const [width = 0, height = 0] = /^\d{1,5}x\d{1,5}$/i.test(text) ? text.split(/x/i).map(Number) : [];
  return { width, height };
};

const reason = {
  en: `must be a width and a height in pixels such as 1024x1024, each from ${MIN_SIDE_PX} to ${MAX_SIDE_PX}`,
  zh: `必须是以像素计的宽和高，例如 1024x1024，各为 ${MIN_SIDE_PX} 到 ${MAX_SIDE_PX}`,
};

export const SizeText = z
  .string()
  .refine((text) => isSide(sizeOf(text).width) && isSide(sizeOf(text).height), { params: { reason } })
  .transform(sizeOf);
