/** The steps of a training: learning rate, news, checkpoints, and resuming from a checkpoint. */
import type { JobContext } from '../../embedded/job.ts';
import type { LoraTrainer, TrainingExample } from '../../starter/paint/train-step.ts';
import { readCheckpoint, writeCheckpoint } from '../../starter/style-file.ts';

const CHECKPOINT_EVERY = 25;
const SAMPLES_EVERY = 50;
/** News contain the large state, so on a fast machine several steps share one message. */
const NEWS_EVERY_MS = 500;
const WARM_UP_STEPS = 10;
/** The part of the learning rate that is left at the last step. */
const LAST_RATE = 0.1;

/** News of the steps since the previous message. */
export interface StepNews {
  taken: [step: number, loss: number][];
  /** The state after the last of them. */
  checkpoint: Uint8Array;
  /** True if the checkpoint must be stored now. */
  isDue: boolean;
}

export type Steps = Pick<LoraTrainer, 'base' | 'step' | 'state' | 'restore'>;

/** `lora_rank` is the only rank that the graphs support. */
export interface StarterParams {
  lora_rank: number;
  learning_rate: number;
  steps: number;
}

export interface StepsJob {
  pool: readonly TrainingExample[];
  params: StarterParams;
  checkpoint: Uint8Array | null;
  /** Called after every 50 steps, but not after the last step. */
  onSample(): Promise<void>;
}

/** Ignores a checkpoint of other weights. */
export async function takeSteps(trainer: Steps, job: StepsJob, ctx: JobContext): Promise<void> {
  const { steps, learning_rate } = job.params;
  const saved = job.checkpoint && readCheckpoint(job.checkpoint, trainer.base);
  if (saved) trainer.restore(saved);
  const taken: StepNews['taken'] = [];
  let sentMs = Number.NEGATIVE_INFINITY;
  for (let step = (saved?.step ?? 0) + 1; step <= steps; step++) {
    ctx.signal.throwIfAborted();
    const loss = await trainer.step(job.pool, { learningRate: learning_rate * schedule(step, steps) });
    taken.push([step, loss]);
    const isDue = step % CHECKPOINT_EVERY === 0 || step === steps;
    if (isDue || performance.now() - sentMs >= NEWS_EVERY_MS) {
      const checkpoint = writeCheckpoint(trainer.state(), trainer.base);
      await ctx.sendNews?.({ taken: taken.splice(0), checkpoint, isDue } satisfies StepNews);
      sentMs = performance.now();
    }
    if (step % SAMPLES_EVERY === 0 && step < steps) await job.onSample();
  }
}

/** Rises linearly during the warm-up, then falls linearly. */
const schedule = (step: number, steps: number): number =>
  Math.min(1, step / WARM_UP_STEPS) * (1 - (1 - LAST_RATE) * (step / steps));
