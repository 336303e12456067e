/** FLUX.1 schnell: text to image, image to image, inpainting; each with any LoRAs and a union ControlNet. */
import type { FluxFiles } from './family.ts';
import { unionControl } from './flux-control.ts';
import { fluxOne } from './flux-one.ts';
import { REDUX_STYLE } from './flux-style.ts';
import { APACHE } from './licences.ts';
import { type Model, named } from './model.ts';
import { PAINTER } from './shared-forms.ts';

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
  mostSteps: 20,
  inpaintSteps: 6,
  strength: { img2img: 0.6, inpaint: 0.8 },
  control: unionControl(files),
  style: REDUX_STYLE,
});
