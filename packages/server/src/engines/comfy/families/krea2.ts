/** Krea 2 turbo: photographic, in eight steps. */

import { published } from '../published-file.ts';
import { APACHE, KREA } from './licences.ts';
import { type Model, named } from './model.ts';
import { QWEN_IMAGE_VAE } from './shared-files.ts';
import { PAINTER, SEPARATE_FILES } from './shared-forms.ts';

export const krea2: Model = {
  ...PAINTER,
  ...SEPARATE_FILES,
  id: 'krea2',
  label: 'Krea 2',
  description: {
    en: 'Photographic pictures in eight steps with the turbo file. The Krea community licence has conditions for commercial use.',
    zh: 'turbo 模型八步出图，偏摄影风格。Krea 社区许可对商业用途有条件限制。',
  },
  encoders: {
    type: 'krea2',
    files: [{ usual: 'qwen3vl_4b_fp8_scaled.safetensors', matches: named(/qwen[-_]?3[-_]?vl[-_]?4b/i) }],
  },
  vae: QWEN_IMAGE_VAE,
  weights: [
    {
      usual: 'krea2_turbo_fp8_scaled.safetensors',
      matches: named(/krea[-_ ]?2(?=.*turbo)(?!.*lora)/i),
      ...{ steps: 8, cfg: 1, licence: KREA },
    },
  ],
  published: [
    published(
      'Comfy-Org/Krea-2',
      'models/diffusion_models',
      'krea2_turbo_fp8_scaled.safetensors',
      13.1,
      KREA,
      'diffusion_models/krea2_turbo_fp8_scaled.safetensors',
    ),
    published(
      'Comfy-Org/Krea-2',
      'models/text_encoders',
      'qwen3vl_4b_fp8_scaled.safetensors',
      5.24,
      APACHE,
      'text_encoders/qwen3vl_4b_fp8_scaled.safetensors',
    ),
  ],
  mostSteps: 40,
  strength: { img2img: 0.6, inpaint: 0.8 },
};
