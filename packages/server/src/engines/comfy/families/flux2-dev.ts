/** FLUX.2 dev: the large one. */

import { repacked, unpacked } from '../published-file.ts';
import { editOf, FLUX_TWO } from './flux-two.ts';
import { FLUX_2 } from './licences.ts';
import { type Model, named } from './model.ts';

const dev: Model = {
  ...FLUX_TWO,
  id: 'flux2-dev',
  label: 'FLUX.2 dev',
  description: {
    en: 'The large FLUX.2, 32 billion parameters: the finest of them and the slowest, for cards with much memory. Non-commercial licence.',
    zh: 'FLUX.2 大模型，320 亿参数：最精细也最慢，需要大显存。仅限非商业用途。',
  },
  encoders: {
    type: 'flux2',
    files: [{ usual: 'mistral_3_small_flux2_bf16.safetensors', matches: named(/mistral/i) }],
  },
  weights: [
    {
      usual: 'flux2_dev_fp8mixed.safetensors',
      matches: named(/flux[-_. ]?2[-_. ]?dev/i),
      steps: 20,
      cfg: 1,
      guidance: 4,
      licence: FLUX_2,
    },
  ],
  speeds: [
    {
      value: 'turbo',
      label: { en: 'Turbo LoRA, 8 steps', zh: 'Turbo LoRA，8 步' },
      file: {
        usual: 'Flux_2-Turbo-LoRA_comfyui.safetensors',
        matches: named(/flux[-_. ]?2[-_. ]?turbo/i),
      },
      steps: 8,
      cfg: 1,
    },
  ],
  published: [
    repacked('flux2-dev', 'diffusion_models', 'flux2_dev_fp8mixed.safetensors', FLUX_2),
    repacked('flux2-dev', 'text_encoders', 'mistral_3_small_flux2_bf16.safetensors'),
    unpacked('ByteZSzn/Flux.2-Turbo-ComfyUI', 'loras', 'Flux_2-Turbo-LoRA_comfyui.safetensors', FLUX_2),
  ],
};

export const flux2Dev: readonly Model[] = [
  dev,
  editOf(dev, {
    id: 'flux2-dev-edit',
    references: 10,
    description: {
      en: 'Changes up to ten reference pictures by instruction with the large FLUX.2; each takes more time and memory. Non-commercial licence.',
      zh: '用 FLUX.2 大模型按文字指令修改最多十张参考图；图越多，耗时和显存越多。仅限非商业用途。',
    },
  }),
];
