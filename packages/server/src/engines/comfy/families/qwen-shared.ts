/** What Qwen-Image, Qwen-Image-Edit and Qwen-Image-Layered share. */
import { type FileRule, type Model, named, type SpeedLora } from './model.ts';
import { QWEN_IMAGE_VAE } from './shared-files.ts';
import { SEPARATE_FILES } from './shared-forms.ts';

export const QWEN = {
  ...SEPARATE_FILES,
  encoders: {
    type: 'qwen_image',
    files: [
      { usual: 'qwen_2.5_vl_7b_fp8_scaled.safetensors', matches: named(/qwen[-_]?2\.?5[-_]?vl[-_]?7b/i) },
    ],
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
