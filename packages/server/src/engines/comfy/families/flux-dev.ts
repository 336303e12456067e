/** FLUX.1 dev: as schnell, with guidance and more steps. */

import { unpacked } from '../published-file.ts';
import type { FluxFiles } from './family.ts';
import { unionControl } from './flux-control.ts';
import { fluxOne } from './flux-one.ts';
import { REDUX_OR_USO_STYLE, STYLE_FILES } from './flux-style.ts';
import { FLUX_DEV } from './licences.ts';
import type { Model } from './model.ts';
import { PAINTER } from './shared-forms.ts';

const OWN = /flux[-_. ]?1?[-_. ]?(krea[-_. ]?)?dev/i;
const OF_OTHERS = /kontext|fill|redux|canny|depth|schnell|flux[-_. ]?2/i;

export const fluxDev = (files: FluxFiles): Model => ({
  ...fluxOne(files),
  ...PAINTER,
  id: 'flux-dev',
  label: 'FLUX.1 dev',
  description: {
    en: 'Finer than schnell, in twenty steps, with a guidance: lower is more natural, higher keeps closer to the words. ControlNet, LoRAs and inpainting. Non-commercial licence.',
    zh: '比 schnell 更精细，二十步出图，可调引导强度：越低越自然，越高越贴近文字。支持 ControlNet、LoRA 和局部重绘。仅限非商业用途。',
  },
  weights: [
    {
      usual: 'flux1-dev-fp8.safetensors',
      matches: (file) => OWN.test(file) && !OF_OTHERS.test(file),
      steps: 20,
      cfg: 1,
      guidance: 3.5,
      licence: FLUX_DEV,
    },
  ],
  published: [
    unpacked('Comfy-Org/flux1-dev', 'checkpoints', 'flux1-dev-fp8.safetensors', FLUX_DEV, 17.2),
    ...STYLE_FILES,
  ],
  strength: { img2img: 0.7, inpaint: 0.9 },
  control: unionControl(files),
  style: REDUX_OR_USO_STYLE,
});
