/** Sizes of the extras tab: a factor, or a size. Limner enlarges by whole factors; the result is resized to what was asked. */
import type { Size } from '@limner/contract';
import { z } from 'zod';
import { MOST_SIDE_PX } from '../../../engines/upscale-limit.ts';
import { flag, number, text } from './generation-body.ts';

const MOST_FACTOR = 8;
const side = number(z.number().int().min(1).max(MOST_SIDE_PX));

export const ExtrasFields = z.object({
  /** 0: by a factor, 1: to a size. */
  resize_mode: number(z.number().int().min(0).max(1)),
  upscaling_resize: number(z.number().gt(0).max(MOST_FACTOR)),
  upscaling_resize_w: side,
  upscaling_resize_h: side,
  upscaling_crop: flag,
  upscaler_1: text,
});
export type ExtrasFields = z.output<typeof ExtrasFields>;

export interface UpscalePlan extends Size {
  /** The size is filled and the rest cut off; otherwise the longer side is longer. */
  crops: boolean;
  /** Of the enlargement by a model, before it is resized. */
  factor: number;
}

const FACTORS = { least: 2, most: 4 };

export function upscalePlan(fields: ExtrasFields, { width, height }: Size): UpscalePlan {
  const { upscaling_resize: asked = 2, upscaling_resize_w = 512, upscaling_resize_h = 512 } = fields;
  const isSized = fields.resize_mode === 1;
  const wanted = isSized ? Math.max(upscaling_resize_w / width, upscaling_resize_h / height) : asked;
  const factor = Math.min(FACTORS.most, Math.max(FACTORS.least, Math.ceil(wanted)));
  if (isSized && fields.upscaling_crop !== false)
    return { width: upscaling_resize_w, height: upscaling_resize_h, crops: true, factor };
  return {
    width: Math.max(1, Math.round(width * wanted)),
    height: Math.max(1, Math.round(height * wanted)),
    crops: false,
    factor,
  };
}
