/** What the sampler starts from: nothing, a picture to paint over, or a picture with a mask. */
import type { Size } from '@limner/contract';
import type { Canvas, Painting } from './model.ts';
import { loadPicture, pictureOf, scaledTo, workingSize } from './pictures.ts';
import { type Schedule, scheduleFor } from './strength.ts';

/** Pixels that the model paints beyond the mask, for a seamless edge. Limner lays the result over without them. */
const MASK_GROWTH_PX = 8;

export function makeCanvas(p: Painting): Canvas {
  if (p.request.type === 'img2img') return paintOver(p);
  if (p.request.type === 'inpaint') return paintInto(p);
  return emptyCanvas(p, workingSize(p.request, null, p.model.size));
}

export function emptyCanvas({ b, request, model, numbers }: Painting, size: Size): Canvas {
  if (model.emptyLatent === null) throw new Error(`${model.id} has no empty latent`);
  const layers = request.params.layers ?? model.layers;
  const fields = { ...size, ...(model.layers !== undefined && layers ? { layers } : {}), batch_size: 1 };
  const latent = b.add(model.emptyLatent, 'size', fields).out();
  return { latent, size, schedule: scheduleFor(numbers.steps, 1), isMasked: false };
}

function paintOver(p: Painting): Canvas {
  const { b, request, inputs, vae, model } = p;
  const source = loadPicture(b, pictureOf(inputs, request.input_image), 'source picture');
  const size = workingSize(request, source, model.size);
  const pixels = scaledTo(b, source, size, 'working size');
  const latent = b.add('VAEEncode', 'encode source', { pixels, vae }).out();
  return { latent, size, schedule: scheduleOf(p, 'img2img'), isMasked: false };
}

/**
 * The model works at its own size. The sides are scaled each by its own factor, so that Limner can scale the result back
 * without a shift. Soft parts of the mask are repainted from a later step on (DifferentialDiffusion).
 */
function paintInto(p: Painting): Canvas {
  const { b, vae } = p;
  const { size, pixels, grown } = maskedSource(p);
  const samples = b.add('VAEEncode', 'encode source', { pixels, vae }).out();
  const latent = b.add('SetLatentNoiseMask', 'mask latent', { samples, mask: grown }).out();
  return { latent, size, schedule: scheduleOf(p, 'inpaint'), isMasked: true };
}

/** The source at the model's size, and its mask, which has the source's size, grown. */
export function maskedSource({ b, request, inputs, model }: Painting) {
  const source = loadPicture(b, pictureOf(inputs, request.input_image), 'source picture');
  const drawn = loadPicture(b, pictureOf(inputs, request.mask_image, 'mask_missing'), 'mask picture');
  const size = workingSize({ width: null, height: null }, source, model.size);
  const fields = { image: drawn.image, channel: 'red' };
  const mask = b.add('ImageToMask', 'mask (white = repaint)', fields).out();
  const grown = b.add('GrowMask', 'grow mask', { mask, expand: MASK_GROWTH_PX, tapered_corners: true }).out();
  return { size, pixels: scaledTo(b, source, size, 'working size', 'disabled'), grown };
}

const scheduleOf = ({ request, numbers, model }: Painting, type: 'img2img' | 'inpaint'): Schedule =>
  scheduleFor(numbers.steps, request.params.denoise ?? model.strength?.[type] ?? 1);
