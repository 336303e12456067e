/** Fields and presets of sd-scripts. */
import type { TrainerParam, TrainerPreset } from '@limner/contract';
import { familyParam, resolutionParam, usualParams } from '../program/usual-params.ts';
import {
  baseFileParam,
  batchParam,
  fp8Param,
  optimizerParam,
  sampleEveryParam,
  saveEveryParam,
  swapParam,
} from '../program-params.ts';
import { KOHYA_MODELS } from './kohya-models.ts';

/** Of sd-scripts and musubi-tuner. Values are the programs' own. */
export const OPTIMIZERS = [
  { value: 'AdamW8bit', en: 'AdamW, 8 bits', zh: 'AdamW（8 位）' },
  { value: 'AdamW', en: 'AdamW', zh: 'AdamW' },
  { value: 'adafactor', en: 'Adafactor (least memory)', zh: 'Adafactor（最省显存）' },
];

export const KOHYA_PARAMS: TrainerParam[] = [
  ...usualParams(),
  familyParam(KOHYA_MODELS.map(({ family, label }) => ({ value: family, label: { en: label, zh: label } }))),
  resolutionParam([512, 768, 1024]),
  fp8Param,
  swapParam(35, {
    en: 'FLUX.1 only. More need less memory and more time: 16 suit 12 GB, 22 suit 10 GB, 28 suit 8 GB.',
    zh: '仅用于 FLUX.1。越多越省显存、越慢：12 GB 用 16，10 GB 用 22，8 GB 用 28。',
  }),
  optimizerParam(OPTIMIZERS, 'AdamW8bit'),
  batchParam,
  saveEveryParam(),
  sampleEveryParam(),
  baseFileParam,
];

/** From the tables of `docs/flux_train_network.md` and the tips of `docs/train_SDXL-en.md`. */
export const KOHYA_PRESETS: TrainerPreset[] = [
  flux('24', 0, 768),
  flux('12', 16, 512),
  flux('8', 28, 512),
  {
    id: 'sdxl-10gb',
    label: { en: 'SDXL, 10 GB or more', zh: 'SDXL，10 GB 以上' },
    hint: {
      en: 'At its native 1024 pixels. Its makers name 8 GB as the least, with a rank of 4 to 8.',
      zh: '使用其原生的 1024 像素。文档称最低 8 GB，rank 取 4 到 8。',
    },
    params: { family: 'sdxl', resolution: '1024', fp8: false, optimizer: 'AdamW8bit', batch_size: 1 },
  },
];

function flux(gigabytes: string, swapped: number, side: number): TrainerPreset {
  return {
    id: `flux-dev-${gigabytes}gb`,
    label: { en: `FLUX.1 dev, ${gigabytes} GB`, zh: `FLUX.1 dev，${gigabytes} GB` },
    hint: {
      en: `As sd-scripts' guide suggests for cards with ${gigabytes} GB: fp8${swapped > 0 ? ` and ${swapped} blocks in main memory` : ''}, ${side} pixels.`,
      zh: `按 sd-scripts 指南对 ${gigabytes} GB 显卡的建议：fp8${swapped > 0 ? `，${swapped} 个 block 放在内存` : ''}，${side} 像素。`,
    },
    params: {
      ...{ family: 'flux-dev', fp8: true, blocks_to_swap: swapped, resolution: String(side) },
      ...{ optimizer: 'AdamW8bit', batch_size: 1 },
    },
  };
}
