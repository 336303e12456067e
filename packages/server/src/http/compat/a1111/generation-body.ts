/**
 * Bodies of txt2img and img2img. Fields that are not listed are dropped: clients send those of extensions, and some send
 * their own settings along. `null` counts as not sent, and a number may be text, as in A1111.
 */
import { MAX_BATCH, Recipe, SidePx } from '@limner/contract';
import { z } from 'zod';
import { MOST_SIDE_PX } from '../../../engines/upscale-limit.ts';

const sent = (value: unknown) => value ?? undefined;
const isDigits = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

export const optional = <S extends z.ZodType>(schema: S) => z.preprocess(sent, schema.optional());
export const number = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (isDigits(value) ? Number(value) : sent(value)), schema.optional());
export const flag = optional(z.boolean());
export const text = optional(z.string());

export const Base64 = z.string().min(1);
/** Clients send empty text where they have no picture. */
export const optionalPicture = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? undefined : sent(value)), schema.optional());

/** Accepted for the clients that send them; `GenerationBody` states which have an effect. */
const WITHOUT_EFFECT = [
  'subseed',
  'subseed_strength',
  'seed_resize_from_h',
  'seed_resize_from_w',
  'eta',
  's_min_uncond',
  's_churn',
  's_tmax',
  's_tmin',
  's_noise',
  'restore_faces',
  'do_not_save_samples',
  'do_not_save_grid',
  'save_images',
  'override_settings_restore_afterwards',
  'refiner_checkpoint',
  'refiner_switch_at',
] as const;
const echoed = Object.fromEntries(WITHOUT_EFFECT.map((name) => [name, z.unknown().optional()])) as Record<
  (typeof WITHOUT_EFFECT)[number],
  z.ZodOptional<z.ZodUnknown>
>;

const whole = z.number().int();

const shared = {
  prompt: optional(Recipe.shape.prompt.unwrap()),
  negative_prompt: optional(Recipe.shape.negative_prompt.unwrap()),
  styles: optional(z.array(z.string())),
  /** Below 0: random. */
  seed: number(whole.max(Number.MAX_SAFE_INTEGER)),
  sampler_name: text,
  /** The sampler of older clients. */
  sampler_index: text,
  scheduler: text,
  batch_size: number(whole.min(1).max(MAX_BATCH)),
  n_iter: number(whole.min(1).max(MAX_BATCH)),
  steps: number(whole.min(1).max(150)),
  cfg_scale: number(z.number().min(0)),
  /** Of Forge. */
  distilled_cfg_scale: number(z.number().min(0)),
  width: number(SidePx),
  height: number(SidePx),
  denoising_strength: number(z.number().min(0).max(1)),
  override_settings: optional(z.record(z.string(), z.unknown())),
  alwayson_scripts: optional(z.record(z.string(), z.unknown())),
  /** True: opposite edges meet. */
  tiling: z.unknown().optional(),
  script_name: text,
  script_args: optional(z.array(z.unknown())),
  send_images: flag,
  ...echoed,
};

export const Txt2ImgBody = z.object({
  ...shared,
  enable_hr: flag,
  hr_scale: number(z.number().min(0)),
  hr_upscaler: text,
  hr_second_pass_steps: number(whole.min(0)),
  /** 0: as the other side says. */
  hr_resize_x: number(whole.min(0).max(MOST_SIDE_PX)),
  hr_resize_y: number(whole.min(0).max(MOST_SIDE_PX)),
});

export const Img2ImgBody = z.object({
  ...shared,
  init_images: optional(z.array(Base64)),
  resize_mode: number(whole.min(0).max(3)),
  /** White is repainted. */
  mask: optionalPicture(Base64),
  mask_blur: number(z.number().min(0)),
  inpainting_fill: number(whole.min(0).max(3)),
  inpaint_full_res: z.unknown().optional(),
  inpaint_full_res_padding: number(whole.min(0)),
  inpainting_mask_invert: number(whole.min(0).max(1)),
  include_init_images: flag,
});

export type Txt2ImgBody = z.output<typeof Txt2ImgBody>;
export type Img2ImgBody = z.output<typeof Img2ImgBody>;
/** What both share. */
export type GenerationBody = Pick<Img2ImgBody, keyof Txt2ImgBody & keyof Img2ImgBody>;
