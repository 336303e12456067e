/** The parameters that every program has, with their usual ranges; a program gives its own defaults and hints. */
import type { Bilingual, TrainerParam } from '@limner/contract';

type Numeric = Extract<TrainerParam, { min: number }>;
type Over = Partial<Omit<Numeric, 'key' | 'type'>>;

/** Rank, learning rate and steps. */
export const usualParams = (
  over: { lora_rank?: Over; learning_rate?: Over; steps?: Over } = {},
): TrainerParam[] => [
  {
    key: 'lora_rank',
    type: 'integer',
    label: { en: 'Rank', zh: '秩（rank）' },
    hint: {
      en: 'The capacity of the style. 8 to 16 suit a style, 16 to 32 a person or thing; more makes a larger file and may copy the pictures.',
      zh: '风格的容量。画风用 8 到 16，人物或物体用 16 到 32；更大则文件更大，也可能照搬原图。',
    },
    ...{ default: 16, min: 4, max: 64, step: 4 },
    ...over.lora_rank,
  },
  {
    key: 'learning_rate',
    type: 'number',
    label: { en: 'Learning rate', zh: '学习率' },
    hint: {
      en: 'The size of each step. 0.0001 is usual. Halve it if pictures become noisy or alike.',
      zh: '学习的步幅，通常为 0.0001。若画面出现噪点或千篇一律，请减半。',
    },
    ...{ default: 0.0001, min: 0.00001, max: 0.01, step: 0.00001 },
    ...over.learning_rate,
  },
  {
    key: 'steps',
    type: 'integer',
    label: { en: 'Steps', zh: '步数' },
    hint: {
      en: 'The length of the training: 1000 to 2000 for 20 pictures. Many more copy the pictures instead of their style.',
      zh: '训练时长：20 张图约 1000 到 2000 步。过多会照搬原图而不是学习画风。',
    },
    ...{ default: 1000, min: 100, max: 10_000, step: 100 },
    ...over.steps,
  },
];

/** In pixels; the first is the default. Folded away. */
export const resolutionParam = (
  [first = 512, ...others]: readonly number[] = [512, 768, 1024],
  hint: Bilingual = {
    en: 'Pictures are reduced to the area of this square. More takes more memory and time.',
    zh: '图片会缩小到该边长正方形的面积以内。越大越占显存、越慢。',
  },
): TrainerParam => ({
  key: 'resolution',
  folded: true,
  type: 'choice',
  label: { en: 'Resolution', zh: '分辨率' },
  hint,
  default: String(first),
  choices: [first, ...others].map((side) => ({
    value: String(side),
    label: { en: String(side), zh: String(side) },
  })),
});

/** The model that the style will work with, where a program trains several. */
export const familyParam = (choices: readonly { value: string; label: Bilingual }[]): TrainerParam => ({
  key: 'family',
  type: 'choice',
  label: { en: 'Model', zh: '模型' },
  hint: { en: 'That the style will work with.', zh: '风格所适用的模型。' },
  default: choices[0]?.value ?? '',
  choices: [...choices],
});
