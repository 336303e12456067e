/** What the FLUX.1 models share: text encoders and VAE as the operator names them, and the sampler. */
import type { FluxFiles } from './family.ts';
import type { Model } from './model.ts';
import { SEPARATE_FILES } from './shared-forms.ts';

export const fluxOne = (files: FluxFiles) =>
  ({
    ...SEPARATE_FILES,
    lists: ['unet_gguf', 'diffusion_models', 'checkpoints'],
    encoders: { type: 'flux', files: [{ usual: files.clipL }, { usual: files.t5xxl }] },
    vae: { usual: files.vae },
    size: { default: 1024, min: 256, max: 2048, step: 16 },
  }) satisfies Partial<Model>;
