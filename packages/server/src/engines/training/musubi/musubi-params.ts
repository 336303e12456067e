/** Fields and presets of musubi-tuner. */
import type { Bilingual, TrainerParam, TrainerPreset, TrainingParams } from '@limner/contract';
import { OPTIMIZERS } from '../kohya/kohya-params.ts';
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
import { MUSUBI_MODELS } from './musubi-models.ts';

export const MUSUBI_PARAMS: TrainerParam[] = [
  ...usualParams(),
  {
    ...familyParam(MUSUBI_MODELS.map(({ id, label }) => ({ value: id, label: { en: label, zh: label } }))),
    key: 'model',
  },
  resolutionParam([768, 512, 1024]),
  fp8Param,
  swapParam(45, {
    en: 'More need less memory and more time, and main memory of 64 GB. The most are 28 (Z-Image), 13 and 16 (klein 4B and 9B), 45 (Qwen-Image), 26 (Krea 2).',
    zh: '越多越省显存、越慢，并需约 64 GB 内存。上限：Z-Image 28，klein 4B 为 13、9B 为 16，Qwen-Image 45，Krea 2 为 26。',
  }),
  {
    key: 'text_encoder_fp8',
    type: 'switch',
    folded: true,
    label: { en: 'Text encoder in 8 bits', zh: '文本编码器使用 8 位（fp8）' },
    hint: {
      en: 'Halves its memory while captions are encoded, before the first step. For cards below 16 GB. Krea 2 ignores it.',
      zh: '首步之前编码描述时占用的显存减半，适合 16 GB 以下的显卡。Krea 2 忽略此项。',
    },
    default: true,
  },
  optimizerParam(OPTIMIZERS, 'AdamW8bit'),
  batchParam,
  saveEveryParam(),
  sampleEveryParam(0),
  baseFileParam,
];

const LEAST_MEMORY: Bilingual = {
  en: "12 GB is the least that musubi-tuner's README names for image models, with a resolution of up to 960×544 and savings as here.",
  zh: 'musubi-tuner 文档称图像模型最低 12 GB，分辨率不超过 960×544 并启用此处的节省设置。',
};

/** Rates, ranks and shifts of the examples in musubi-tuner's guides; memory as its README and `docs/qwen_image.md` say. */
export const MUSUBI_PRESETS: TrainerPreset[] = [
  {
    id: 'z-image-12gb',
    label: { en: 'Z-Image, 12 GB', zh: 'Z-Image，12 GB' },
    hint: LEAST_MEMORY,
    params: savings('z-image', { resolution: '512', blocks_to_swap: 14 }),
  },
  {
    id: 'klein-4b-12gb',
    label: { en: 'FLUX.2 klein 4B, 12 GB', zh: 'FLUX.2 klein 4B，12 GB' },
    hint: LEAST_MEMORY,
    params: savings('flux2-klein-4b', { resolution: '512', blocks_to_swap: 13 }),
  },
  {
    id: 'qwen-image-12gb',
    label: { en: 'Qwen-Image, 12 GB', zh: 'Qwen-Image，12 GB' },
    hint: {
      en: "By musubi-tuner's table for 1024 pixels: fp8 and 45 blocks swapped take 12 GB, with 64 GB of main memory.",
      zh: '据 musubi-tuner 的表格（1024 像素）：fp8 并换出 45 个 block 需 12 GB 显存和 64 GB 内存。',
    },
    params: savings('qwen-image', { learning_rate: 0.00005, resolution: '1024', blocks_to_swap: 45 }),
  },
  {
    id: 'qwen-image-24gb',
    label: { en: 'Qwen-Image, 24 GB', zh: 'Qwen-Image，24 GB' },
    hint: {
      en: 'By the same table: fp8 and 16 blocks swapped take 24 GB.',
      zh: '据同一表格：fp8 并换出 16 个 block 需 24 GB。',
    },
    params: savings('qwen-image', { learning_rate: 0.00005, resolution: '1024', blocks_to_swap: 16 }),
  },
];

function savings(model: string, params: TrainingParams): TrainingParams {
  return {
    ...{ model, learning_rate: 0.0001, fp8: true, text_encoder_fp8: true, blocks_to_swap: 0, batch_size: 1 },
    ...{ optimizer: 'AdamW8bit' },
    ...params,
  };
}
