/** Stable Diffusion 3.5 as checkpoints with their text encoders inside. */

import { unpacked } from '../published-file.ts';
import { STABILITY } from './licences.ts';
import { type Model, named } from './model.ts';
import { PAINTER } from './shared-forms.ts';

export const sd35: Model = {
  ...PAINTER,
  id: 'sd35',
  label: 'Stable Diffusion 3.5',
  description: {
    en: 'Large and medium, as checkpoints with text encoders inside. Negative prompts and cfg work. The Stability community licence has conditions for companies.',
    zh: '包括 large 和 medium，使用内含文本编码器的 checkpoint。支持反向提示词和 cfg。Stability 社区许可对企业有条件限制。',
  },
  size: { default: 1024, min: 512, max: 1536, step: 16 },
  lists: ['checkpoints'],
  encoders: null,
  vae: null,
  weights: [
    {
      usual: 'sd3.5_large_fp8_scaled.safetensors',
      matches: named(/sd[-_ ]?3\.?5.*large.*(incl_clips|fp8_scaled)/i),
      ...{ steps: 25, cfg: 4.5, licence: STABILITY },
    },
    {
      usual: 'sd3.5_medium_incl_clips_t5xxlfp8scaled.safetensors',
      matches: named(/sd[-_ ]?3\.?5.*medium.*(incl_clips|fp8_scaled)/i),
      ...{ steps: 28, cfg: 4.5, licence: STABILITY },
    },
  ],
  published: [
    unpacked(
      'Comfy-Org/stable-diffusion-3.5-fp8',
      'checkpoints',
      'sd3.5_large_fp8_scaled.safetensors',
      STABILITY,
      14.9,
    ),
    unpacked(
      'Comfy-Org/stable-diffusion-3.5-fp8',
      'checkpoints',
      'sd3.5_medium_incl_clips_t5xxlfp8scaled.safetensors',
      STABILITY,
    ),
  ],
  hasClipLoras: true,
  mostSteps: 60,
  sampler: 'euler',
  scheduler: 'sgm_uniform',
  strength: { img2img: 0.7, inpaint: 0.85 },
  emptyLatent: 'EmptySD3LatentImage',
  patches: [{ classType: 'ModelSamplingSD3', title: 'sigma shift', fields: { shift: 3 } }],
};
