/** What the FLUX.1 models share: text encoders and VAE as the operator names them, and the sampler. */
import type { FluxFiles } from './family.ts';
import type { Model } from './model.ts';

export const fluxOne = (files: FluxFiles) =>
  ({
    lists: ['unet_gguf', 'diffusion_models', 'checkpoints'],
    encoders: { type: 'flux', files: [{ usual: files.clipL }, { usual: files.t5xxl }] },
    vae: { usual: files.vae },
    sampler: 'euler',
    scheduler: 'simple',
    emptyLatent: 'EmptySD3LatentImage',
    size: { default: 1024, min: 256, max: 2048, step: 16 },
    mostSteps: 60,
  }) satisfies Partial<Model>;
