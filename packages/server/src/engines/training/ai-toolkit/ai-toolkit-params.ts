/** Fields and presets of ai-toolkit. */
import type { TrainerParam, TrainerPreset } from '@limner/contract';
import { familyParam, resolutionParam, usualParams } from '../program/usual-params.ts';
import { batchParam, optimizerParam, sampleEveryParam, saveEveryParam } from '../program-params.ts';
import { AI_TOOLKIT_MODELS } from './ai-toolkit-models.ts';

export const AI_TOOLKIT_PARAMS: TrainerParam[] = [
  ...usualParams(),
  {
    ...familyParam(
      AI_TOOLKIT_MODELS.map(({ id, label }) => ({ value: id, label: { en: label, zh: label } })),
    ),
    key: 'model',
  },
  resolutionParam([768, 512, 1024]),
  {
    key: 'quantize',
    type: 'switch',
    folded: true,
    label: { en: 'Model in 8 bits', zh: '模型使用 8 位' },
    hint: {
      en: 'Halves the memory of the model and of its text encoder while it trains.',
      zh: '训练时模型和文本编码器占用的显存减半。',
    },
    default: true,
  },
  {
    key: 'low_vram',
    type: 'switch',
    folded: true,
    label: { en: 'Save memory', zh: '节省显存' },
    hint: {
      en: 'Quantises on the processor, for cards that also drive the screen. Slower to start.',
      zh: '在 CPU 上量化，适合同时用于显示的显卡，启动较慢。',
    },
    default: true,
  },
  {
    key: 'text_encoder_offload',
    type: 'switch',
    folded: true,
    label: { en: 'Text encoder in main memory', zh: '文本编码器放在内存' },
    hint: {
      en: 'For cards with 12 GB; needs much main memory. FLUX.1 ignores it.',
      zh: '适合 12 GB 显卡，需要较大内存。FLUX.1 忽略此项。',
    },
    default: false,
  },
  optimizerParam(
    [
      { value: 'adamw8bit', en: 'AdamW, 8 bits', zh: 'AdamW（8 位）' },
      { value: 'adamw', en: 'AdamW', zh: 'AdamW' },
      { value: 'adafactor', en: 'Adafactor (least memory)', zh: 'Adafactor（最省显存）' },
    ],
    'adamw8bit',
  ),
  batchParam,
  saveEveryParam(),
  sampleEveryParam(),
];

const savings = {
  quantize: true,
  low_vram: true,
  optimizer: 'adamw8bit',
  batch_size: 1,
  learning_rate: 0.0001,
};

export const AI_TOOLKIT_PRESETS: TrainerPreset[] = [
  {
    id: 'klein-4b-24gb',
    label: { en: 'FLUX.2 klein 4B, 24 GB', zh: 'FLUX.2 klein 4B，24 GB' },
    hint: {
      en: 'Black Forest Labs name 24 GB and about an hour on an RTX 4090.',
      zh: '据 Black Forest Labs：24 GB，在 RTX 4090 上约一小时。',
    },
    params: { ...savings, model: 'flux2-klein-4b', resolution: '1024', text_encoder_offload: false },
  },
  {
    id: 'z-image-turbo-12gb',
    label: { en: 'Z-Image Turbo, 12 GB', zh: 'Z-Image Turbo，12 GB' },
    hint: {
      en: 'As users report it: up to 768 pixels, about 2000 steps, the text encoder in main memory (Tongyi-MAI/Z-Image, issue 36).',
      zh: '据用户报告：不超过 768 像素，约 2000 步，文本编码器放在内存（Tongyi-MAI/Z-Image issue 36）。',
    },
    params: {
      ...savings,
      model: 'z-image-turbo',
      resolution: '768',
      steps: 2000,
      text_encoder_offload: true,
    },
  },
  {
    id: 'flux-dev-24gb',
    label: { en: 'FLUX.1 dev, 24 GB', zh: 'FLUX.1 dev，24 GB' },
    hint: { en: "By ai-toolkit's documentation.", zh: '据 ai-toolkit 文档。' },
    params: { ...savings, model: 'flux-dev', resolution: '1024', steps: 2000, text_encoder_offload: false },
  },
];
