/** What the FLUX.1 models share: text encoders and VAE as the operator names them, and the sampler. */

import { hub, type ModelFile, published } from '../published-file.ts';
import type { FluxFiles } from './family.ts';
import { APACHE } from './licences.ts';
import type { Model } from './model.ts';
import { SEPARATE_FILES } from './shared-forms.ts';

const t5 = (quant: string, size: number): ModelFile =>
  published(
    'city96/t5-v1_1-xxl-encoder-gguf',
    'models/text_encoders',
    `t5-v1_1-xxl-encoder-${quant}.gguf`,
    size,
    APACHE,
  );
const encoder = (file: string, size: number): ModelFile =>
  published('comfyanonymous/flux_text_encoders', 'models/text_encoders', file, size, APACHE);

/** Text encoders and VAE. */
export const FLUX_ONE_FILES: readonly ModelFile[] = [
  encoder('clip_l.safetensors', 0.246),
  encoder('t5xxl_fp16.safetensors', 9.79),
  encoder('t5xxl_fp8_e4m3fn.safetensors', 4.89),
  encoder('t5xxl_fp8_e4m3fn_scaled.safetensors', 5.16),
  t5('Q3_K_S', 2.1),
  t5('Q4_K_M', 2.9),
  t5('Q5_K_S', 3.29),
  t5('Q5_K_M', 3.39),
  t5('Q6_K', 3.91),
  t5('Q8_0', 5.06),
  {
    ...published('black-forest-labs/FLUX.1-schnell', 'models/vae', 'ae.safetensors', 0.335, APACHE),
    // The same file from a repository that asks for no login.
    url: hub('Comfy-Org/Lumina_Image_2.0_Repackaged', 'split_files/vae/ae.safetensors'),
  },
];

export const fluxOne = (files: FluxFiles) =>
  ({
    ...SEPARATE_FILES,
    lists: ['unet_gguf', 'diffusion_models', 'checkpoints'],
    encoders: { type: 'flux', files: [{ usual: files.clipL }, { usual: files.t5xxl }] },
    vae: { usual: files.vae },
    size: { default: 1024, min: 256, max: 2048, step: 16 },
  }) satisfies Partial<Model>;
