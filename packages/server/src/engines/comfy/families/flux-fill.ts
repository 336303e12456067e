/** FLUX.1 Fill: paints what a mask shows, inside a picture or around it. */

import { repacked } from '../published-file.ts';
import { maskedSource } from './canvas.ts';
import type { FluxFiles } from './family.ts';
import { fluxOne } from './flux-one.ts';
import { FLUX_DEV } from './licences.ts';
import { type Links, type Model, named, type Painting } from './model.ts';
import { scheduleFor } from './strength.ts';

export const fluxFill = (files: FluxFiles): Model => ({
  ...fluxOne(files),
  id: 'flux-fill',
  kind: 'generation',
  label: 'FLUX.1 Fill',
  description: {
    en: 'Made for inpainting: what is under the mask is painted anew and fits what is around it; a picture with an empty border that the mask covers is continued outwards. Non-commercial licence.',
    zh: '专为局部重绘训练：蒙版下的内容会重新绘制并与周围衔接；若图片四周留白并由蒙版覆盖，则向外扩展画面。仅限非商业用途。',
  },
  types: ['inpaint'],
  weights: [
    {
      usual: 'flux1-fill-dev.safetensors',
      matches: named(/flux.*fill|fill.*flux/i),
      steps: 20,
      cfg: 1,
      guidance: 30,
      licence: FLUX_DEV,
    },
  ],
  published: [repacked('flux1-dev', 'diffusion_models', 'flux1-fill-dev.safetensors', FLUX_DEV)],
  strength: null,
  compose: fill,
});

/** The model sees the picture without what is under the mask; it always starts from noise. */
function fill(p: Painting, links: Links) {
  const { size, pixels, grown } = maskedSource(p);
  const { positive, negative } = links;
  const fields = { positive, negative, vae: p.vae, pixels, mask: grown, noise_mask: true };
  const filled = p.b.add('InpaintModelConditioning', 'picture and mask for the model', fields);
  return {
    canvas: { latent: filled.out(2), size, schedule: scheduleFor(p.numbers.steps, 1), isMasked: true },
    links: { ...links, positive: filled.out(0), negative: filled.out(1) },
  };
}
