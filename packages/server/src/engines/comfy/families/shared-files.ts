/** Files that several models load. */
import { type FileRule, named } from './model.ts';

export const QWEN_3_4B: FileRule = {
  usual: 'qwen_3_4b.safetensors',
  // A text encoder of this name has weights of another shape.
  matches: named(/qwen[-_]?3[-_]?4b(?!.*fp4[-_]flux2)/i),
};
export const QWEN_2_5_VL_7B: FileRule = {
  usual: 'qwen_2.5_vl_7b_fp8_scaled.safetensors',
  matches: named(/qwen[-_]?2\.?5[-_]?vl[-_]?7b/i),
};
export const QWEN_IMAGE_VAE: FileRule = {
  usual: 'qwen_image_vae.safetensors',
  matches: named(/qwen[-_]?image[-_]?vae/i),
};
