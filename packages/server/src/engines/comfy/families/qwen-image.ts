/** Qwen-Image: text in pictures, many styles; slow without a Lightning LoRA. */

import { published, repacked, unpacked } from '../published-file.ts';
import { APACHE } from './licences.ts';
import { type Model, named } from './model.ts';
import { bothWays } from './pictures.ts';
import { lightning, QWEN, SHIFT } from './qwen-shared.ts';
import { PAINTER } from './shared-forms.ts';

const OTHERS = /edit|layered|control|lora|lightning|qwen[-_ ]?image[-_ ]?2[._]?1(?!\d)/i;
const isQwen = (file: string): boolean => /qwen[-_ ]?image/i.test(file) && !OTHERS.test(file);

export const qwenImage: Model = {
  ...QWEN,
  ...PAINTER,
  id: 'qwen-image',
  label: 'Qwen-Image',
  description: {
    en: 'Follows long prompts and writes English and Chinese text well; free for commercial use. Fifty steps: with a Lightning LoRA under "speed" it takes four or eight, without cfg and negative prompt.',
    zh: '擅长理解长提示词和中英文文字，可商用。默认五十步；在“加速”中选择 Lightning LoRA 后只需四步或八步，但 cfg 和反向提示词不再起作用。',
  },
  size: {
    ...{ default: 1328, min: 512, max: 2048, step: 16 },
    liked: bothWays([1472, 1104], [1584, 1056], [1664, 928]),
  },
  weights: [
    {
      usual: 'qwen_image_2512_fp8_e4m3fn.safetensors',
      matches: (file) => isQwen(file) && !/distill/i.test(file),
      ...{ steps: 50, cfg: 4, licence: APACHE },
    },
    {
      usual: 'qwen_image_distill_full_fp8_e4m3fn.safetensors',
      matches: (file) => isQwen(file) && /distill/i.test(file),
      ...{ steps: 10, cfg: 1, licence: APACHE },
    },
  ],
  speeds: [
    lightning(4, {
      usual: 'Qwen-Image-2512-Lightning-4steps-V1.0-fp32.safetensors',
      matches: named(/qwen[-_]image(?!.*edit).*lightning.*4[-_]?steps/i),
    }),
    lightning(8, {
      usual: 'Qwen-Image-Lightning-8steps-V1.0.safetensors',
      matches: named(/qwen[-_]image(?!.*edit).*lightning.*8[-_]?steps/i),
    }),
  ],
  published: [
    repacked('Qwen-Image_ComfyUI', 'diffusion_models', 'qwen_image_2512_fp8_e4m3fn.safetensors'),
    published(
      'Comfy-Org/Qwen-Image_ComfyUI',
      'models/diffusion_models',
      'qwen_image_distill_full_fp8_e4m3fn.safetensors',
      undefined,
      APACHE,
      'non_official/diffusion_models/qwen_image_distill_full_fp8_e4m3fn.safetensors',
    ),
    repacked('Qwen-Image_ComfyUI', 'text_encoders', 'qwen_2.5_vl_7b_fp8_scaled.safetensors'),
    repacked('Qwen-Image_ComfyUI', 'vae', 'qwen_image_vae.safetensors'),
    unpacked(
      'lightx2v/Qwen-Image-2512-Lightning',
      'loras',
      'Qwen-Image-2512-Lightning-4steps-V1.0-fp32.safetensors',
    ),
    unpacked('lightx2v/Qwen-Image-Lightning', 'loras', 'Qwen-Image-Lightning-8steps-V1.0.safetensors'),
  ],
  strength: { img2img: 0.7, inpaint: 0.85 },
  patches: [SHIFT],
};
