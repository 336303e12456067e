/** Parameters of families besides prompt, size and seed. */
import { z } from 'zod';
import { MAX_INPUT_KEY_CHARS, MAX_LAYERS, MAX_PROMPT_CHARS, MIN_LAYERS } from './limits.ts';

/** Cells of pixel art along the longer side. */
export const PIXEL_GRIDS = [16, 24, 32, 48, 64] as const;
/** Set of the drawings: `auto`: the set that has most of the prompt; `mixed`: each drawing from its best set. */
export const LIBRARIES = [
  'auto',
  'mixed',
  'glossy',
  'flat',
  'noto',
  'classic',
  'game',
  'ui',
  'office',
] as const;
/** Finish of drawings: `auto`: by the prompt; `plain`: as drawn, regardless of the prompt. */
export const TREATMENTS = [
  'auto',
  'plain',
  'flat',
  'glossy',
  'outline',
  'pixel',
  'silhouette',
  'sticker',
  'neon',
  'watercolour',
  'papercut',
  'lowpoly',
] as const;

/** The axes along which opposite edges of a picture meet, so that it can be laid beside itself. */
export const TILED_AXES = ['both', 'x', 'y'] as const;
export type TiledAxes = (typeof TILED_AXES)[number];

export const MAX_HIRES_SCALE = 4;

/** The family states which have an effect, and their ranges. */
export const Params = z.strictObject({
  steps: z.number().int().min(1).max(150).optional(),
  cfg: z.number().min(0).max(30).optional(),
  guidance: z.number().min(0).max(100).optional(),
  sampler: z.string().max(60).optional(),
  scheduler: z.string().max(60).optional(),
  /** How the style of pictures is taken, where the family has several ways. */
  style_mode: z.string().max(60).optional(),
  denoise: z.number().min(0).max(1).optional(),
  /** Cut-out and upscale model, checkpoint, preprocessor: a name from the family's choices, never a file path. */
  model: z.string().max(200).optional(),
  /** A LoRA for fewer steps, by the family's name for it; `off` or absent: none. */
  speed: z.string().max(60).optional(),
  /** Of a second pass over the enlarged picture: how many times each side is enlarged; 1 or absent: there is none. */
  hires_scale: z.number().min(1).max(MAX_HIRES_SCALE).optional(),
  /** How it is enlarged: a word of `HIRES_UPSCALERS`, or an upscale model of the server. */
  hires_upscaler: z.string().max(200).optional(),
  /** Steps that run in the second pass. */
  hires_steps: z.number().int().min(1).max(150).optional(),
  /** Share of the enlarged picture that is repainted. */
  hires_denoise: z.number().min(0).max(1).optional(),
  /** Upscale factor. */
  factor: z.number().int().min(2).max(4).optional(),
  /** Several references of an edit: side by side in one picture, or each on its own. */
  reference_mode: z.enum(['stitched', 'chained']).optional(),
  /** How many layers a picture gets. */
  layers: z.number().int().min(MIN_LAYERS).max(MAX_LAYERS).optional(),
  pixel_grid: z.literal([...PIXEL_GRIDS]).optional(),
  library: z.enum(LIBRARIES).optional(),
  treatment: z.enum(TREATMENTS).optional(),
  /** Opposite edges meet: `true` or `both` on all sides, `x` left and right, `y` above and below. */
  tileable: z.union([z.boolean(), z.enum(['off', ...TILED_AXES])]).optional(),
  /** Values of a workflow's own placeholders, by their key. */
  inputs: z
    .record(
      z.string().max(MAX_INPUT_KEY_CHARS),
      z.union([z.string().max(MAX_PROMPT_CHARS), z.number(), z.boolean()]),
    )
    .optional(),
});
export type Params = z.infer<typeof Params>;

/** Null: the edges need not meet. */
export function tiledAxes(tileable: Params['tileable']): TiledAxes | null {
  if (tileable === true) return 'both';
  return tileable === undefined || tileable === false || tileable === 'off' ? null : tileable;
}
