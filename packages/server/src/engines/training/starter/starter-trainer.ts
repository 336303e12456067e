/**
 * Trains styles for the built-in painting model, in a process of its own that yields to everything else on the machine.
 * The process sends checkpoints; they are stored one after another, and a run ends only when its last one is.
 */
import { join } from 'node:path';
import type { Bilingual, Missing, TrainerParam } from '@limner/contract';
import type { EmbeddedProcess } from '../../embedded/process.ts';
import { missingWeights } from '../../embedded/weights.ts';
import { PAINT_FAMILY } from '../../starter/families.ts';
import { PAINT_FILES } from '../../starter/paint/model.ts';
import { TRAIN_FILES } from '../../starter/paint/train-step.ts';
import type { SampleSheet, StyleTrainer, Trained, TrainingContext, TrainingJob } from '../trainer.ts';
import { TRAIN, TRAIN_SAMPLES } from './jobs.ts';
import type { TrainNews } from './steps.ts';

export const STARTER_TRAINER = 'starter-lora';

export interface StarterTrainerOptions {
  /** The repository's `models` folder. */
  modelsDir: string;
  process: EmbeddedProcess;
}

export class StarterTrainer implements StyleTrainer {
  readonly id = STARTER_TRAINER;
  readonly label: Bilingual = { en: 'Starter trainer (built in)', zh: '入门训练器（内置）' };
  readonly description: Bilingual = {
    en: 'Trains a style for Starter paint on this machine, without a graphics card: one to three minutes on two cores. It learns colours, light and manner of drawing at 128 pixels, but no fine lines and no new things.',
    zh: '在本机为「入门绘画」训练风格，无需显卡：双核约一到三分钟。它在 128 像素上学习配色、光影和画法；精细线条和新事物超出其能力。',
  };
  readonly family = PAINT_FAMILY;
  readonly experimental = false;
  readonly images = { min: 8, max: 40 };
  readonly params = PARAMS;
  readonly #o: StarterTrainerOptions;

  constructor(options: StarterTrainerOptions) {
    this.#o = options;
  }

  missing(): Missing[] {
    return missingWeights(join(this.#o.modelsDir, 'starter'), [...PAINT_FILES, ...TRAIN_FILES]);
  }

  async run(job: TrainingJob, ctx: TrainingContext): Promise<Trained> {
    const saves = new Saves(ctx);
    try {
      const { png, made } = await this.#o.process.run(
        TRAIN,
        { ...job, modelsDir: this.#o.modelsDir },
        {
          signal: AbortSignal.any([ctx.signal, saves.failed]),
          progress: () => {},
          preview: ctx.sample,
          tell: (news) => {
            const told = news as TrainNews;
            if (told.kind === 'step') ctx.step(told.step, told.loss);
            else saves.add(told.step, Buffer.from(told.checkpoint));
          },
        },
      );
      return { lora: Buffer.from(made ?? []), sheet: { bytes: png, mediaType: 'image/png' } };
    } finally {
      await saves.done();
    }
  }

  async samples(
    lora: Buffer,
    job: Pick<TrainingJob, 'seed' | 'triggerWords'>,
    signal: AbortSignal,
  ): Promise<SampleSheet> {
    const { seed, triggerWords } = job;
    const { png } = await this.#o.process.run(
      TRAIN_SAMPLES,
      { modelsDir: this.#o.modelsDir, lora, seed, triggerWords },
      { signal, progress: () => {}, preview: () => {} },
    );
    return { bytes: png, mediaType: 'image/png' };
  }

  close(): Promise<void> {
    return this.#o.process.close();
  }
}

/** Checkpoints on their way to storage, in order. One that cannot be kept ends the run. */
class Saves {
  readonly #ctx: TrainingContext;
  readonly #failure = new AbortController();
  #last: Promise<void> = Promise.resolve();

  constructor(ctx: TrainingContext) {
    this.#ctx = ctx;
  }

  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  add(step: number, checkpoint: Buffer): void {
    this.#last = this.#last.then(() => this.#ctx.saveCheckpoint(step, checkpoint));
    this.#last.catch((error) => this.#failure.abort(error));
  }

  done(): Promise<void> {
    return this.#last;
  }
}

const PARAMS: TrainerParam[] = [
  {
    key: 'lora_rank',
    label: { en: 'Rank', zh: '秩（rank）' },
    hint: {
      en: 'The capacity of the style. The built-in model supports only 8.',
      zh: '风格的容量。内置模型固定为 8，不可更改。',
    },
    default: 8,
    min: 8,
    max: 8,
    step: 1,
  },
  {
    key: 'learning_rate',
    label: { en: 'Learning rate', zh: '学习率' },
    hint: {
      en: 'The size of each training step. Use half for a weaker style. Above 0.006 pictures may become unusable.',
      zh: '学习的步幅。减半则风格更温和；高于 0.006 时画面可能崩坏。',
    },
    default: 0.003,
    min: 0.0001,
    max: 0.01,
    step: 0.0001,
  },
  {
    key: 'steps',
    label: { en: 'Steps', zh: '步数' },
    hint: {
      en: 'The length of the training. 300 steps suit 20 pictures. Many more copy the pictures instead of their style.',
      zh: '训练时长。20 张图用 300 步即可；过多会照搬原图而不是学习画风。',
    },
    default: 300,
    min: 50,
    max: 1500,
    step: 50,
  },
];
