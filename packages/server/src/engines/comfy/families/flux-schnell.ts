/** FLUX.1 schnell: text to image, image to image, inpainting; each with any LoRAs and a union ControlNet. */

import { type ModelFile, published } from '../published-file.ts';
import type { FluxFiles } from './family.ts';
import { unionControl } from './flux-control.ts';
import { FLUX_ONE_FILES, fluxOne } from './flux-one.ts';
import { REDUX_STYLE } from './flux-style.ts';
import { APACHE } from './licences.ts';
import { type Model, named } from './model.ts';
import { PAINTER } from './shared-forms.ts';

const schnell = (quant: string, size: number): ModelFile =>
  published('city96/FLUX.1-schnell-gguf', 'models/unet', `flux1-schnell-${quant}.gguf`, size, APACHE);

export const fluxSchnell = (files: FluxFiles): Model => ({
  ...fluxOne(files),
  ...PAINTER,
  id: 'flux-schnell',
  label: 'FLUX.1 schnell',
  description: {
    en: 'Fast, free for commercial use: a picture in four steps. With ControlNet, LoRAs and inpainting. The union ControlNets were trained for FLUX.1 dev and are non-commercial; start at a strength of 0.7.',
    zh: '速度快、可商用：四步出图。支持 ControlNet、LoRA 和局部重绘。联合 ControlNet 为 FLUX.1 dev 训练，仅限非商业用途；建议强度从 0.7 开始。',
  },
  default: files.unet,
  weights: [{ usual: files.unet, matches: named(/schnell/i), steps: 4, cfg: 1, licence: APACHE }],
  published: [
    schnell('Q2_K', 4.01),
    schnell('Q4_K_S', 6.78),
    schnell('Q5_0', 8.25),
    schnell('Q5_1', 8.99),
    schnell('Q5_K_S', 8.26),
    published(
      'black-forest-labs/FLUX.1-schnell',
      'models/diffusion_models',
      'flux1-schnell.safetensors',
      23.8,
      APACHE,
    ),
    published('Comfy-Org/flux1-schnell', 'models/checkpoints', 'flux1-schnell-fp8.safetensors', 17.2, APACHE),
    ...FLUX_ONE_FILES,
  ],
  mostSteps: 20,
  inpaintSteps: 6,
  strength: { img2img: 0.6, inpaint: 0.8 },
  control: unionControl(files),
  style: REDUX_STYLE,
});
