/** Folded fields of the form that several programs have, beside those of `program/usual-params.ts`. */
import type { TrainerParam, TrainingParams } from '@limner/contract';

type Choice = Extract<TrainerParam, { type: 'choice' }>;
type Named = Pick<TrainerParam, 'key' | 'label' | 'hint'>;

/** Of those that the form offers under `model`. @throws Error for another one */
export function chosenModel<T extends { id: string }>(models: readonly T[], { model }: TrainingParams): T {
  const found = models.find(({ id }) => id === model);
  if (!found) throw new Error(`no model ${String(model)}`);
  return found;
}

export const choiceParam = (
  named: Named,
  choices: readonly { value: string; en: string; zh: string }[],
  standard: string,
): Choice => ({
  ...named,
  ...{ type: 'choice', folded: true, default: standard },
  choices: choices.map(({ value, en, zh }) => ({ value, label: { en, zh } })),
});

export const batchParam: TrainerParam = {
  key: 'batch_size',
  type: 'integer',
  folded: true,
  label: { en: 'Pictures per step', zh: '每步图片数' },
  hint: {
    en: 'More makes steps steadier, and takes more memory and time for each.',
    zh: '越多每步越平稳，但更占显存、更慢。',
  },
  ...{ default: 1, min: 1, max: 16, step: 1 },
};

export const saveEveryParam = (standard = 250): TrainerParam => ({
  key: 'save_every',
  type: 'integer',
  folded: true,
  label: { en: 'Save every', zh: '保存间隔' },
  hint: {
    en: 'Steps between two saved states. A run that is stopped continues from the last; the LoRAs of all are kept until the run is deleted.',
    zh: '两次保存之间的步数。中断后从最近一次继续；所有中间 LoRA 会保留到删除训练为止。',
  },
  ...{ default: standard, min: 10, max: 10_000, step: 10 },
});

export const sampleEveryParam = (standard = 250): TrainerParam => ({
  key: 'sample_every',
  type: 'integer',
  folded: true,
  label: { en: 'Samples every', zh: '样图间隔' },
  hint: {
    en: 'Steps between two samples, which take time. 0: none.',
    zh: '两次样图之间的步数，绘制样图会占用时间。0 表示不绘制。',
  },
  ...{ default: standard, min: 0, max: 10_000, step: 10 },
});

/** Blocks of the model kept in main memory. */
export const swapParam = (max: number, hint: TrainerParam['hint']): TrainerParam => ({
  key: 'blocks_to_swap',
  type: 'integer',
  folded: true,
  label: { en: 'Blocks to swap', zh: '换出的 block 数' },
  hint,
  ...{ default: 0, min: 0, max, step: 1 },
});

export const fp8Param: TrainerParam = {
  key: 'fp8',
  type: 'switch',
  folded: true,
  label: { en: 'Model in 8 bits', zh: '模型使用 8 位（fp8）' },
  hint: {
    en: 'Halves the memory of the model while it trains; the result may be slightly coarser.',
    zh: '训练时模型占用的显存减半，效果可能略粗糙。',
  },
  default: true,
};

export const optimizerParam = (
  choices: readonly { value: string; en: string; zh: string }[],
  standard: string,
): Choice =>
  choiceParam(
    {
      key: 'optimizer',
      label: { en: 'Optimizer', zh: '优化器' },
      hint: {
        en: 'How steps are computed. The 8-bit one needs bitsandbytes; the others come with PyTorch or transformers.',
        zh: '步长的计算方法。8 位版本需要 bitsandbytes，其余随 PyTorch 或 transformers 提供。',
      },
    },
    choices,
    standard,
  );

export const baseFileParam: TrainerParam = {
  key: 'base_model',
  type: 'text',
  folded: true,
  label: { en: 'File of the model', zh: '模型文件' },
  hint: {
    en: 'Name of a safetensors file in the folders of TRAIN_MODELS_DIRS. Empty: the usual one.',
    zh: 'TRAIN_MODELS_DIRS 文件夹中 safetensors 文件的名称。留空使用默认文件。',
  },
  default: '',
  max_chars: 300,
};
