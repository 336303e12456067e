/** The steps of a training: how fast it learns, when it says where it is, and how it goes on from there. */
import type { TrainingParams } from '@limner/contract';
import type { JobContext } from '../../embedded/job.ts';
import type { LoraTrainer, TrainingExample } from '../../starter/paint/train-step.ts';
import { readCheckpoint, writeCheckpoint } from '../../starter/style-file.ts';

const CHECKPOINT_EVERY = 25;
const SAMPLES_EVERY = 50;
const WARM_UP_STEPS = 10;
/** Of the rate, at the end. */
const LAST_RATE = 0.1;

export type TrainNews =
  | { kind: 'step'; step: number; loss: number }
  | { kind: 'checkpoint'; step: number; checkpoint: Uint8Array };

export type Steps = Pick<LoraTrainer, 'base' | 'step' | 'state' | 'restore'>;

export interface StepsJob {
  pool: readonly TrainingExample[];
  params: TrainingParams;
  checkpoint: Uint8Array | null;
  /** Called now and then; not after the last step. */
  onSample(): Promise<void>;
}

/** Told to stop, it says where it is before it throws. A checkpoint of other weights is left aside. */
export async function takeSteps(trainer: Steps, job: StepsJob, ctx: JobContext): Promise<void> {
  const { steps, learning_rate } = job.params;
  const saved = job.checkpoint && readCheckpoint(job.checkpoint, trainer.base);
  if (saved) trainer.restore(saved);
  for (let step = (saved?.step ?? 0) + 1; step <= steps; step++) {
    if (ctx.signal.aborted) {
      tellCheckpoint(trainer, ctx);
      ctx.signal.throwIfAborted();
    }
    const loss = await trainer.step(job.pool, { learningRate: learning_rate * schedule(step, steps) });
    ctx.tell?.({ kind: 'step', step, loss } satisfies TrainNews);
    if (step % CHECKPOINT_EVERY === 0 || step === steps) tellCheckpoint(trainer, ctx);
    if (step % SAMPLES_EVERY === 0 && step < steps) await job.onSample();
  }
}

function tellCheckpoint(trainer: Steps, ctx: JobContext): void {
  const state = trainer.state();
  const checkpoint = writeCheckpoint(state, trainer.base);
  ctx.tell?.({ kind: 'checkpoint', step: state.step, checkpoint } satisfies TrainNews);
}

/** Up over the first steps, then straight down. */
const schedule = (step: number, steps: number): number =>
  Math.min(1, step / WARM_UP_STEPS) * (1 - (1 - LAST_RATE) * (step / steps));
