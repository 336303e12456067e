/**
 * Trains styles for the built-in painting model, in its own process with a low priority. The process sends its steps
 * together with the state after them. If the run is stopped or the process dies, the last state received is stored, so that
 * the run resumes at the step its page showed. While it runs, only some of the states are stored.
 */
import { join } from 'node:path';
import type { Bilingual, Missing, TrainerParam, TrainingParams } from '@limner/contract';
import type { EmbeddedProcess } from '../../embedded/process.ts';
import { missingWeights } from '../../embedded/weights.ts';
import { PAINT_FAMILY } from '../../starter/families.ts';
import { PAINT_FILES } from '../../starter/paint/model.ts';
import { TRAIN_FILES } from '../../starter/paint/train-step.ts';
import { styleOfCheckpoint } from '../../starter/style-file.ts';
import type { StyleTrainer, Trained, TrainingContext, TrainingJob } from '../trainer.ts';
import type { GivenPicture } from './examples.ts';
import { TRAIN } from './jobs.ts';
import type { StarterParams, StepNews } from './steps.ts';

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
  readonly families = [PAINT_FAMILY];
  readonly lane = 'training';
  readonly device = 'cpu';
  readonly presets = [];
  /** A step may take long on a busy machine. */
  readonly silenceMs = 15 * 60_000;
  readonly tries = 3;
  readonly experimental = false;
  readonly images = { min: 8, max: 40 };
  readonly params = PARAMS;
  readonly #modelsDir: string;
  readonly #process: EmbeddedProcess;

  constructor({ modelsDir, process }: StarterTrainerOptions) {
    this.#modelsDir = modelsDir;
    this.#process = process;
  }

  missing(): Missing[] {
    return missingWeights(join(this.#modelsDir, 'starter'), [...PAINT_FILES, ...TRAIN_FILES]);
  }

  familyOf(): string {
    return PAINT_FAMILY;
  }

  stepsOf(params: TrainingParams): number {
    return Number(params.steps);
  }

  hasSamples(): boolean {
    return true;
  }

  async run(job: TrainingJob, ctx: TrainingContext): Promise<Trained> {
    const { seed, triggerWords } = job;
    const params = starterParams(job.params);
    const pictures = await openPictures(job, ctx);
    const checkpoint = (await ctx.checkpoint?.read()) ?? null;
    const states = new RunStates(ctx);
    const facts = (steps: number) => ({ steps, triggerWords, pictures: pictures.length });
    try {
      const { png, made } = await this.#process.run(
        TRAIN,
        { seed, triggerWords, params, pictures, checkpoint, modelsDir: this.#modelsDir },
        {
          signal: AbortSignal.any([ctx.signal, states.failed]),
          progress: () => {},
          preview: ctx.sample,
          sendNews: (news) => {
            // The worker ignores steps after the abort, so their states are not stored either.
            if (ctx.signal.aborted) return;
            const { taken, checkpoint, isDue } = news as StepNews;
            const [last] = taken.at(-1) ?? [0];
            states.take(last, Buffer.from(checkpoint), isDue);
            if (isDue) states.offer(last, () => styleOfCheckpoint(checkpoint, facts(last)));
            for (const [step, loss] of taken) ctx.step(step, loss);
          },
        },
      );
      return { lora: Buffer.from(made ?? []), sheet: { bytes: png, mediaType: 'image/png' } };
    } finally {
      await states.store();
    }
  }

  close(): Promise<void> {
    return this.#process.close();
  }
}

const starterParams = ({ lora_rank, learning_rate, steps }: TrainingParams): StarterParams => ({
  lora_rank: Number(lora_rank),
  learning_rate: Number(learning_rate),
  steps: Number(steps),
});

/** The pictures are few and small, so the process gets their bytes. */
async function openPictures({ pictures }: TrainingJob, ctx: TrainingContext): Promise<GivenPicture[]> {
  const opened: GivenPicture[] = [];
  for (const [index, { caption, subject }] of pictures.entries())
    opened.push({ caption, subject, bytes: await (await ctx.openPicture(index)).read() });
  return opened;
}

/** Stores the state after the newest step: in order, and at once when the run is stopped. A failure ends the run. */
class RunStates {
  readonly #ctx: TrainingContext;
  readonly #failure = new AbortController();
  #newest: { step: number; checkpoint: Buffer } | null = null;
  #storing: Promise<void> = Promise.resolve();

  constructor(ctx: TrainingContext) {
    this.#ctx = ctx;
    ctx.signal.addEventListener('abort', () => void this.store().catch(() => undefined), { once: true });
  }

  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  take(step: number, checkpoint: Buffer, isDue: boolean): void {
    this.#newest = { step, checkpoint };
    if (isDue) this.store().catch((error) => this.#failure.abort(error));
  }

  /** After what was taken before is stored. */
  offer(step: number, lora: () => Buffer): void {
    this.#storing = this.#storing.then(() => this.#ctx.offer(step, async () => lora()));
    // `store` reports a failure before it.
    this.#storing.catch(() => undefined);
  }

  /** Resolves when every state taken is stored. */
  store(): Promise<void> {
    const newest = this.#newest;
    this.#newest = null;
    if (newest)
      this.#storing = this.#storing.then(() => this.#ctx.saveCheckpoint(newest.step, newest.checkpoint));
    return this.#storing;
  }
}

const PARAMS: TrainerParam[] = [
  {
    key: 'lora_rank',
    type: 'integer',
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
    type: 'number',
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
    type: 'integer',
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
