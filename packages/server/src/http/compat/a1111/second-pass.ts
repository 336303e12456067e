/** `enable_hr` of A1111 as the second pass of a family. Pure. */
import {
  type Bilingual,
  type Family,
  HIRES_UPSCALERS,
  hiresUpscalerNamed,
  modelStem,
  type Params,
  type Size,
} from '@limner/contract';
import { MOST_PIXELS } from '../../../engines/upscale-limit.ts';
import { invalid } from '../../parse.ts';
import { effectiveParam, type FittedParams, stepsOf, within } from './family-params.ts';
import type { Txt2ImgBody } from './generation-body.ts';

export type AskedHires = Pick<
  Partial<Txt2ImgBody>,
  | 'enable_hr'
  | 'hr_scale'
  | 'hr_upscaler'
  | 'hr_second_pass_steps'
  | 'hr_resize_x'
  | 'hr_resize_y'
  | 'denoising_strength'
>;

/** Of a client that says nothing. */
const SCALE = 2;
const STRENGTH = 0.75;

export interface HiresTarget {
  /** Times each side. */
  scale: number;
  /** Both sides as they were asked for: what is beyond them is cut off. null: the first size, enlarged. */
  fit: Size | null;
}

/**
 * null: no larger picture is asked for.
 * @throws StudioError `invalid_request` for sides with too many pixels
 */
export function hiresTarget(
  { enable_hr, hr_scale = SCALE, hr_resize_x: x = 0, hr_resize_y: y = 0 }: AskedHires,
  { width, height }: Size,
): HiresTarget | null {
  if (enable_hr !== true) return null;
  if (x * y > MOST_PIXELS) throw invalid('hr_resize_x', tooManyPixels({ width: x, height: y }));
  const scale = x > 0 || y > 0 ? Math.max(x / width, y / height) : hr_scale;
  return scale > 1 ? { scale, fit: x > 0 && y > 0 ? { width: x, height: y } : null } : null;
}

export const hasHires = (family: Family): boolean => effectiveParam(family, 'hires_scale') !== undefined;

/** @param first parameters of the first pass, whose steps are taken where the client names none */
export function hiresParams(
  family: Family,
  asked: AskedHires,
  { scale }: HiresTarget,
  first: Params,
): FittedParams {
  const notes: Bilingual[] = [];
  const of = (key: Parameters<typeof effectiveParam>[1]) => effectiveParam(family, key);
  const usual = first.steps ?? of('steps')?.default;
  const steps = asked.hr_second_pass_steps || (typeof usual === 'number' ? usual : undefined);
  const params: Params = {
    ...within('hires_scale', of('hires_scale'), scale, notes),
    ...stepsOf('hires_steps', of('hires_steps'), steps, notes),
    ...within('hires_denoise', of('hires_denoise'), asked.denoising_strength ?? STRENGTH, notes),
    ...upscalerOf(of('hires_upscaler'), asked.hr_upscaler ?? HIRES_UPSCALERS.latent, notes),
  };
  return { params, notes };
}

/** The names that A1111 has for files. */
const FILES: [RegExp, string][] = [
  [/^r-esrgan 4x\+$/i, 'RealESRGAN_x4plus'],
  [/^r-esrgan 4x\+ anime6b$/i, 'RealESRGAN_x4plus_anime_6B'],
  [/^r-esrgan 2x\+$/i, 'RealESRGAN_x2plus'],
];

function upscalerOf(
  param: Family['params'][number] | undefined,
  written: string,
  notes: Bilingual[],
): Pick<Params, 'hires_upscaler'> {
  if (!param) return {};
  const file = (FILES.find(([name]) => name.test(written.trim()))?.[1] ?? modelStem(written)).toLowerCase();
  const known = hiresUpscalerNamed(written);
  const value =
    known ?? param.choices?.find(({ value }) => modelStem(String(value)).toLowerCase() === file)?.value;
  if (value !== undefined) return { hires_upscaler: String(value) };
  notes.push(unknownUpscaler(written));
  return { hires_upscaler: 'lanczos' };
}

const tooManyPixels = ({ width, height }: Size): Bilingual => ({
  en: `and hr_resize_y make ${width} × ${height} pixels; a picture has at most ${MOST_PIXELS / 1e6} megapixels`,
  zh: `与 hr_resize_y 合为 ${width} × ${height} 像素，图片最多 ${MOST_PIXELS / 1e6} 百万像素`,
});

const unknownUpscaler = (written: string): Bilingual => ({
  en: `The upscaler ${written} is not offered here; Lanczos is used.`,
  zh: `此处不提供放大方式 ${written}，使用 Lanczos。`,
});
