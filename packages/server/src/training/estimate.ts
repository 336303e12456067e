/** What a run would take: from the runs of this machine, or as its trainer's makers and users say. Never guessed. */
import type { Bilingual, TrainingEstimate, TrainingParams } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import { measuredPace } from './speed.ts';

interface Figure {
  trainer: string;
  families: RegExp;
  /** Of the run's parameters; absent: any. */
  fits?: (params: TrainingParams) => boolean;
  gigabytes: number;
  from: Bilingual;
}

/** Swapped blocks, and gigabytes that are enough with at least so many; from the most. */
type Swapped = readonly (readonly [blocks: number, gigabytes: number])[];
const KOHYA_FLUX: Swapped = [
  [28, 8],
  [22, 10],
  [16, 12],
  [1, 16],
  [0, 24],
];
const MUSUBI_QWEN: Swapped = [
  [45, 12],
  [16, 24],
  [0, 30],
];
const swapping =
  (blocks: number) =>
  ({ fp8, blocks_to_swap }: TrainingParams): boolean =>
    fp8 === true && Number(blocks_to_swap) >= blocks;

/** The smallest that is said to be enough; the first that fits counts. */
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
  ...MUSUBI_QWEN.map(([blocks, gigabytes]) => ({
    trainer: 'musubi',
    families: /^qwen-image/,
    fits: swapping(blocks),
    gigabytes,
    from: {
      en: "by musubi-tuner's table for 1024 pixels with fp8, for so many swapped blocks; 64 GB of main memory where blocks are swapped",
      zh: '据 musubi-tuner 的表格（1024 像素、fp8、按换出的 block 数）；换出 block 时另需 64 GB 内存',
    },
  })),
  {
    trainer: 'musubi',
    families: /./,
    gigabytes: 12,
    from: {
      en: "by musubi-tuner's documentation for image models, with 64 GB of main memory",
      zh: '据 musubi-tuner 文档对图像模型的要求，另需 64 GB 内存',
    },
  },
  ...KOHYA_FLUX.map(([blocks, gigabytes]) => ({
    trainer: 'kohya',
    families: /^flux-/,
    fits: swapping(blocks),
    gigabytes,
    from: {
      en: "by sd-scripts' documentation of FLUX.1 with fp8, for so many swapped blocks",
      zh: '据 sd-scripts 的 FLUX.1 文档（fp8，按换出的 block 数）',
    },
  })),
  {
    trainer: 'kohya',
    families: /^sdxl/,
    gigabytes: 10,
    from: {
      en: "by sd-scripts' tips for SDXL; 8 GB with a rank of 4 to 8",
      zh: '据 sd-scripts 的 SDXL 说明；rank 为 4 到 8 时 8 GB 即可',
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
  const figure = MEMORY.find(
    (each) => each.trainer === id && each.families.test(family) && (each.fits?.(params) ?? true),
  );
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
