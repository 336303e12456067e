/** What Qwen-Image, Qwen-Image-Edit and Qwen-Image-Layered share. */
import type { FileRule, Model, SpeedLora } from './model.ts';
import { QWEN_2_5_VL_7B, QWEN_IMAGE_VAE } from './shared-files.ts';
import { SEPARATE_FILES } from './shared-forms.ts';

export const QWEN = {
  ...SEPARATE_FILES,
  encoders: {
    type: 'qwen_image',
    files: [QWEN_2_5_VL_7B],
  },
  vae: QWEN_IMAGE_VAE,
} satisfies Partial<Model>;

export const lightning = (steps: number, file: FileRule): SpeedLora => ({
  value: `lightning-${steps}`,
  label: { en: `Lightning LoRA, ${steps} steps`, zh: `Lightning LoRA，${steps} 步` },
  file,
  steps,
  cfg: 1,
});

export const shifted = (shift: number) => ({
  classType: 'ModelSamplingAuraFlow',
  title: 'sigma shift',
  fields: { shift },
});

export const SHIFT = shifted(3.1);
