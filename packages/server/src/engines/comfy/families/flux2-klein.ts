/** FLUX.2 klein: small, distilled or not; paints, and changes up to four reference pictures. */

import { repacked, unpacked } from '../published-file.ts';
import { editOf, FLUX_TWO } from './flux-two.ts';
import { APACHE, FLUX_2 } from './licences.ts';
import { type Encoders, type FileRule, type Model, named } from './model.ts';
import { QWEN_3_4B } from './shared-files.ts';

const encodersOf = (file: FileRule): Encoders => ({ type: 'flux2', files: [file] });
const QWEN_8B = encodersOf({
  usual: 'qwen_3_8b_fp8mixed.safetensors',
  matches: named(/qwen[-_]?3[-_]?8b/i),
});

const distilled = { steps: 4, cfg: 1 };
const base = { steps: 20, cfg: 5 };

const klein: Model = {
  ...FLUX_TWO,
  id: 'flux2-klein',
  label: 'FLUX.2 klein',
  description: {
    en: 'Paints in four steps and writes text well. The 4B files are free for commercial use, the 9B files are finer and non-commercial. The base files take twenty steps and read cfg and the negative prompt.',
    zh: '四步出图，擅长画面文字。4B 模型可商用；9B 更精细，仅限非商业用途。base 模型需二十步，可用 cfg 和反向提示词。',
  },
  // FLUX.2 dev ran from 0.3.72 on, with the same nodes.
  since: '0.9.2',
  encoders: encodersOf(QWEN_3_4B),
  weights: [
    {
      usual: 'flux-2-klein-4b-fp8.safetensors',
      matches: named(/klein(?!.*base).*4b/i),
      ...distilled,
      licence: APACHE,
    },
    {
      usual: 'flux-2-klein-base-4b-fp8.safetensors',
      matches: named(/klein(?=.*base).*4b/i),
      ...base,
      licence: APACHE,
    },
    {
      usual: 'flux-2-klein-9b-fp8.safetensors',
      matches: named(/klein(?!.*(base|kv)).*9b(?!.*kv)/i),
      ...distilled,
      licence: FLUX_2,
      encoders: QWEN_8B,
    },
    {
      usual: 'flux-2-klein-base-9b-fp8.safetensors',
      matches: named(/klein(?=.*base).*9b/i),
      ...base,
      licence: FLUX_2,
      encoders: QWEN_8B,
    },
  ],
  published: [
    unpacked(
      'black-forest-labs/FLUX.2-klein-4b-fp8',
      'diffusion_models',
      'flux-2-klein-4b-fp8.safetensors',
      APACHE,
      4.07,
    ),
    unpacked(
      'black-forest-labs/FLUX.2-klein-base-4b-fp8',
      'diffusion_models',
      'flux-2-klein-base-4b-fp8.safetensors',
    ),
    unpacked(
      'black-forest-labs/FLUX.2-klein-9b-fp8',
      'diffusion_models',
      'flux-2-klein-9b-fp8.safetensors',
      FLUX_2,
    ),
    unpacked(
      'black-forest-labs/FLUX.2-klein-base-9b-fp8',
      'diffusion_models',
      'flux-2-klein-base-9b-fp8.safetensors',
      FLUX_2,
      9.5,
    ),
    repacked('vae-text-encorder-for-flux-klein-9b', 'text_encoders', 'qwen_3_8b_fp8mixed.safetensors'),
    repacked('flux2-dev', 'vae', 'flux2-vae.safetensors', APACHE, 0.34),
  ],
};

export const flux2Klein: readonly Model[] = [
  klein,
  editOf(klein, {
    id: 'flux2-klein-edit',
    references: 4,
    description: {
      en: 'Changes up to four reference pictures by instruction, in four steps: "the knight of the first picture in the armour of the second". The 4B files are free for commercial use.',
      zh: '按文字指令修改最多四张参考图，四步完成，例如“第一张图的骑士穿上第二张图的盔甲”。4B 模型可商用。',
    },
  }),
];
