/** Parts that several models take unchanged. */
import type { Model } from './model.ts';

/** A model that paints from words, after a picture, or within one. */
export const PAINTER = {
  kind: 'generation',
  types: ['txt2img', 'img2img', 'inpaint'],
} satisfies Partial<Model>;

/** Diffusion model, text encoders and VAE are files of their own. */
export const SEPARATE_FILES = {
  lists: ['diffusion_models', 'unet_gguf'],
  size: { default: 1024, min: 512, max: 2048, step: 16 },
  mostSteps: 60,
  sampler: 'euler',
  scheduler: 'simple',
  emptyLatent: 'EmptySD3LatentImage',
} satisfies Partial<Model>;
