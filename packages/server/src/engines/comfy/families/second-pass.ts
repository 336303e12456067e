/** The second pass of a model: the painted latent is enlarged and painted over at the larger size. */

import {
  HIRES_UPSCALERS,
  type HiresUpscaler,
  isHiresUpscaler,
  type Size,
  secondPassSize,
} from '@limner/contract';
import type { Link } from '../graph.ts';
import { listedName, modelsOf } from '../server-info.ts';
import type { Canvas, Links, Model, Painting, Pass } from './model.ts';
import { HIRES_DENOISE, HIRES_UPSCALER } from './params.ts';
import { scheduleThatRuns } from './strength.ts';
import { enlargedBy } from './upscale.ts';

/** It paints from words alone, and over pictures with a strength. */
export const passesTwice = ({ kind, types, strength, compose, layers }: Model): boolean =>
  kind === 'generation' &&
  types.includes('txt2img') &&
  strength !== null &&
  compose === undefined &&
  layers === undefined;

/** @param links without a control, which is applied anew at the larger size */
export function secondPass(p: Painting, links: Links, first: Canvas, painted: Link): Pass {
  const { request, model, numbers } = p;
  const { controlnet, params } = request;
  const { hires_steps = numbers.steps, hires_denoise = HIRES_DENOISE } = params;
  const size = secondPassSize(params, first.size, model.size.step);
  const latent = enlarged(p, painted, first.size, size);
  const schedule = scheduleThatRuns(hires_steps, hires_denoise);
  return {
    canvas: { latent, size, schedule, isMasked: false },
    links: controlnet && model.control ? model.control.apply(p, links, size, controlnet) : links,
  };
}

/** By which it is enlarged, for the provenance. */
export const hiresUpscalerOf = ({ request }: Painting): string => {
  const wanted = request.params.hires_upscaler ?? HIRES_UPSCALER;
  return isHiresUpscaler(wanted) ? HIRES_UPSCALERS[wanted] : wanted;
};

const LATENT_METHODS: Partial<Record<HiresUpscaler, string>> = {
  latent: 'bilinear',
  'latent-bicubic': 'bicubic',
  'latent-nearest': 'nearest-exact',
};

function enlarged(p: Painting, samples: Link, from: Size, to: Size): Link {
  const { b, vae, request } = p;
  const wanted = request.params.hires_upscaler ?? HIRES_UPSCALER;
  const upscale_method = isHiresUpscaler(wanted) ? LATENT_METHODS[wanted] : undefined;
  // By a factor, because models differ in how many pixels one value of a latent stands for.
  if (upscale_method)
    return b
      .add('LatentUpscaleBy', 'enlarge', { samples, upscale_method, scale_by: to.width / from.width })
      .out();
  const first = b.add('VAEDecode', 'decode first pass', { samples, vae }).out();
  const image = isHiresUpscaler(wanted) ? first : byModel(p, wanted, first);
  const method = wanted === 'nearest' ? 'nearest-exact' : 'lanczos';
  const fields = { image, upscale_method: method, ...to, crop: 'center' };
  const pixels = b.add('ImageScale', 'size of second pass', fields).out();
  return b.add('VAEEncode', 'encode for second pass', { pixels, vae }).out();
}

function byModel({ b, info }: Painting, wanted: string, image: Link): Link {
  const model = listedName(modelsOf(info, 'upscale_models'), wanted) ?? wanted;
  return enlargedBy(b, model, image, 'enlarge').out();
}
