/** What a run would take: from the runs of this machine, or as its trainer's makers and users say. Never guessed. */
import type { Bilingual, TrainingEstimate, TrainingParams } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import { measuredPace } from './speed.ts';

interface Figure {
  trainer: string;
  families: RegExp;
  gigabytes: number;
  from: Bilingual;
}

/** The smallest that is said to be enough. */
const MEMORY: readonly Figure[] = [
  {
    trainer: 'ai-toolkit',
    families: /^z-image/,
    gigabytes: 12,
    from: {
      en: 'reported for Z-Image-Turbo up to 768 pixels with the text encoder offloaded (Tongyi-MAI/Z-Image, issue 36)',
      zh: '用户报告：Z-Image-Turbo、不超过 768 像素、文本编码器卸载到内存（Tongyi-MAI/Z-Image issue 36）',
    },
  },
  {
    trainer: 'ai-toolkit',
    families: /^flux2-klein/,
    gigabytes: 24,
    from: {
      en: "for the 4B model, by Black Forest Labs' article of June 2026, which names about one hour on an RTX 4090",
      zh: '4B 模型，据 Black Forest Labs 2026 年 6 月的文章，在 RTX 4090 上约一小时',
    },
  },
  {
    trainer: 'ai-toolkit',
    families: /^flux-/,
    gigabytes: 24,
    from: { en: "by ai-toolkit's documentation for FLUX.1", zh: '据 ai-toolkit 文档对 FLUX.1 的要求' },
  },
  {
    trainer: 'musubi',
    families: /./,
    gigabytes: 12,
    from: {
      en: "by musubi-tuner's documentation for image models, with 64 GB of main memory",
      zh: '据 musubi-tuner 文档对图像模型的要求，另需 64 GB 内存',
    },
  },
  {
    trainer: 'kohya',
    families: /^flux-/,
    gigabytes: 24,
    from: {
      en: "by sd-scripts' documentation with fp8; 16, 12, 10 or 8 GB with more and more blocks swapped",
      zh: '据 sd-scripts 文档（fp8）；换出更多 block 时可降至 16、12、10 或 8 GB',
    },
  },
  {
    trainer: 'comfyui',
    families: /^flux-(dev|schnell)/,
    gigabytes: 12,
    from: {
      en: 'the weights alone as fp8, computed; bf16 takes 24 GB. What a step takes beside them is not documented',
      zh: '仅计算 fp8 权重；bf16 为 24 GB。训练步骤另需的显存没有文档说明',
    },
  },
];

export async function trainingEstimate(
  db: Reader,
  trainer: StyleTrainer,
  params: TrainingParams,
  pictures: number,
): Promise<TrainingEstimate> {
  const { id } = trainer;
  const family = trainer.familyOf(params);
  const steps = trainer.stepsOf(params, pictures);
  const pace = await measuredPace(db, trainer, family);
  const figure = MEMORY.find((each) => each.trainer === id && each.families.test(family));
  return {
    ...{ trainer: id, family, steps },
    seconds: pace && pace.secondsPerStep * steps,
    seconds_from: pace && measuredOn(pace.runs),
    memory_bytes: figure ? figure.gigabytes * 1e9 : null,
    memory_from: figure?.from ?? null,
  };
}

const measuredOn = (runs: number): Bilingual => ({
  en: runs === 1 ? 'measured in one run here' : `measured in ${runs} runs here`,
  zh: `按本机 ${runs} 次训练实测`,
});
