/**
 * The second pass of a picture made of words: the finished picture is enlarged and painted over at the larger size, with the
 * same words and seed. Other pictures have none.
 */
import type { Bilingual } from './family.ts';
import type { Params } from './params.ts';
import type { Recipe } from './recipe.ts';
import type { Size } from './size.ts';

/** Ways to enlarge that need no model, with the names that A1111 has for them. */
export const HIRES_UPSCALERS = {
  latent: 'Latent',
  'latent-bicubic': 'Latent (bicubic)',
  'latent-nearest': 'Latent (nearest-exact)',
  lanczos: 'Lanczos',
  nearest: 'Nearest',
} as const;
export type HiresUpscaler = keyof typeof HIRES_UPSCALERS;

export const isHiresUpscaler = (value: string): value is HiresUpscaler =>
  Object.hasOwn(HIRES_UPSCALERS, value);

export const HIRES_LABELS: Record<HiresUpscaler, Bilingual> = {
  latent: { en: 'Latent', zh: '潜空间' },
  'latent-bicubic': { en: 'Latent (bicubic)', zh: '潜空间（双三次）' },
  'latent-nearest': { en: 'Latent (nearest)', zh: '潜空间（最近邻）' },
  lanczos: { en: 'Lanczos', zh: 'Lanczos' },
  nearest: { en: 'Nearest', zh: '最近邻' },
};

/** Parameters that have an effect only with `hires_scale`. */
export const HIRES_DETAILS: readonly string[] = ['hires_upscaler', 'hires_steps', 'hires_denoise'];

export const hasSecondPass = ({ kind, type, params }: Pick<Recipe, 'kind' | 'type' | 'params'>): boolean =>
  kind === 'generation' && type === 'txt2img' && scaleOf(params) > 1;

/** The first size enlarged, on a grid of `step` pixels. */
export function secondPassSize(
  { hires_scale }: Pick<Params, 'hires_scale'>,
  { width, height }: Size,
  step: number,
): Size {
  const side = (px: number) => Math.round((px * scaleOf({ hires_scale })) / step) * step;
  return { width: side(width), height: side(height) };
}

const scaleOf = ({ hires_scale = 1 }: Pick<Params, 'hires_scale'>): number => hires_scale;

/** A1111's names of ways to enlarge. Smoothing before an enlargement changes nothing; `None` is Lanczos there. */
const A1111_NAMES: Record<string, HiresUpscaler> = {
  latent: 'latent',
  'latent (antialiased)': 'latent',
  'latent (bicubic)': 'latent-bicubic',
  'latent (bicubic antialiased)': 'latent-bicubic',
  'latent (nearest)': 'latent-nearest',
  'latent (nearest-exact)': 'latent-nearest',
  lanczos: 'lanczos',
  nearest: 'nearest',
  none: 'lanczos',
};

/** null: it is none that needs no model. */
export const hiresUpscalerNamed = (written: string): HiresUpscaler | null =>
  A1111_NAMES[written.trim().toLowerCase()] ?? null;
