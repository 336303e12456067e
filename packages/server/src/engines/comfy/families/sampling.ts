/** The part of a graph that text to image, image to image and inpainting share: canvas, sampler, result. */

import { type ErrorCode, type FrameRecipe, type Lora, type Size, StudioError } from '@limner/contract';
import type { GraphBuilder, Link } from '../graph.ts';
import { choicesOf, type ServerInfo } from '../server-info.ts';
import type { UploadedInput, UploadedInputs } from './family.ts';
import { loadPicture, type Picture, type SizeLimits, scaledTo, workingSize } from './pictures.ts';
import { type Schedule, scheduleFor } from './strength.ts';

/** The links that sampling needs. */
export const samplingChoices = (info: ServerInfo) => ({
  sampler: choicesOf(info, 'KSampler', 'sampler_name'),
  scheduler: choicesOf(info, 'KSampler', 'scheduler'),
});

/** The start of the sampler. */
export interface Canvas {
  latent: Link;
  size: Size;
  schedule: Schedule;
  /** For inpainting: the picture under the result, and the mask. */
  repaint: { source: Picture; mask: Link } | null;
}

export interface CanvasOptions {
  limits: SizeLimits;
  /** `EmptySD3LatentImage` for Flux, `EmptyLatentImage` for Stable Diffusion. */
  emptyLatent: 'EmptySD3LatentImage' | 'EmptyLatentImage';
  steps: number;
  /** Used where the request names none. */
  strength: { img2img: number; inpaint: number };
}

/** Pixels that the model paints beyond the mask, for a seamless edge. The result is laid over without them. */
const MASK_GROWTH_PX = 8;

export function makeCanvas(
  b: GraphBuilder,
  request: FrameRecipe,
  inputs: UploadedInputs,
  vae: Link,
  options: CanvasOptions,
): Canvas {
  if (request.type === 'img2img') return paintOver(b, request, inputs, vae, options);
  if (request.type === 'inpaint') return paintInto(b, request, inputs, vae, options);
  const size = workingSize(request, null, options.limits);
  const latent = b.add(options.emptyLatent, 'size', { ...size, batch_size: 1 }).out();
  return { latent, size, schedule: scheduleFor(options.steps, 1), repaint: null };
}

function paintOver(
  b: GraphBuilder,
  request: FrameRecipe,
  inputs: UploadedInputs,
  vae: Link,
  { limits, steps, strength }: CanvasOptions,
): Canvas {
  const source = loadPicture(b, pictureOf(inputs, request.input_image), 'source picture');
  const size = workingSize(request, source, limits);
  const pixels = scaledTo(b, source, size, 'working size');
  const latent = b.add('VAEEncode', 'encode source', { pixels, vae }).out();
  return {
    latent,
    size,
    schedule: scheduleFor(steps, request.params.denoise ?? strength.img2img),
    repaint: null,
  };
}

/**
 * The model works at its own size. The result is scaled back to the source's size and composited through the mask, so that
 * every pixel outside the mask is unchanged.
 */
function paintInto(
  b: GraphBuilder,
  request: FrameRecipe,
  inputs: UploadedInputs,
  vae: Link,
  { limits, steps, strength }: CanvasOptions,
): Canvas {
  const source = loadPicture(b, pictureOf(inputs, request.input_image), 'source picture');
  const painted = loadPicture(b, pictureOf(inputs, request.mask_image, 'mask_missing'), 'mask picture');
  const size = workingSize({ width: null, height: null }, source, limits);
  const fitted = scaledTo(b, painted, source, 'mask to source size');
  const drawn = b.add('ImageToMask', 'mask (white = repaint)', { image: fitted, channel: 'red' }).out();
  const grown = b
    .add('GrowMask', 'grow mask', { mask: drawn, expand: MASK_GROWTH_PX, tapered_corners: true })
    .out();
  const pixels = scaledTo(b, source, size, 'working size');
  const samples = b.add('VAEEncode', 'encode source', { pixels, vae }).out();
  const latent = b.add('SetLatentNoiseMask', 'mask latent', { samples, mask: grown }).out();
  const schedule = scheduleFor(steps, request.params.denoise ?? strength.inpaint);
  return { latent, size, schedule, repaint: { source, mask: drawn } };
}

/** A missing picture is refused, because image to image would otherwise become text to image. */
export function pictureOf(
  inputs: UploadedInputs,
  id: string | null,
  otherwise: ErrorCode = 'input_image_missing',
): UploadedInput {
  const input = id === null ? undefined : inputs.get(id);
  if (!input) throw new StudioError(otherwise);
  return input;
}

export interface Sampling {
  model: Link;
  positive: Link;
  negative: Link;
  vae: Link;
  seed: number | bigint;
  cfg: number;
  sampler: string;
  scheduler: string;
  /** File name prefix in the server's output folder. */
  prefix: string;
}

/** Adds all nodes after the conditioning and returns the ids of the sampler (for progress) and of the saving node. */
export function sampleAndSave(
  b: GraphBuilder,
  canvas: Canvas,
  s: Sampling,
): { sampler: string; output: string } {
  const soft = { model: s.model, strength: 1 };
  const model = canvas.repaint ? b.add('DifferentialDiffusion', 'soft mask edges', soft).out() : s.model;
  const sampler = b.add('KSampler', 'sampler', {
    model,
    seed: s.seed,
    steps: canvas.schedule.steps,
    cfg: s.cfg,
    sampler_name: s.sampler,
    scheduler: s.scheduler,
    positive: s.positive,
    negative: s.negative,
    latent_image: canvas.latent,
    denoise: canvas.schedule.denoise,
  });
  const decoded = b.add('VAEDecode', 'decode', { samples: sampler.out(), vae: s.vae }).out();
  const images = canvas.repaint ? laidOver(b, canvas.repaint, decoded) : decoded;
  const output = b.add('SaveImage', 'result', { images, filename_prefix: s.prefix });
  return { sampler: sampler.id, output: output.id };
}

function laidOver(b: GraphBuilder, { source, mask }: NonNullable<Canvas['repaint']>, decoded: Link): Link {
  const fields = { destination: source.image, source: decoded, x: 0, y: 0, resize_source: true, mask };
  return b.add('ImageCompositeMasked', 'keep untouched pixels', fields).out();
}

/** Facts for the provenance of a painted picture: the effective values, not the requested ones. */
export const paintedWith = (model: string, canvas: Canvas, loras: Lora[]): Record<string, unknown> => ({
  model,
  steps: canvas.schedule.steps,
  ...(canvas.schedule.effective < 1 ? { strength: canvas.schedule.effective } : {}),
  ...(loras.length > 0 ? { loras } : {}),
});
