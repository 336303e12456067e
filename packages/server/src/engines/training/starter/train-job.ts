/**
 * The training itself, as a job of the embedded process: some hundred steps, a checkpoint now and then, and samples on the
 * way. Told to stop, it sends where it is before it goes.
 */
import { type Bilingual, StudioError, type TrainingParams } from '@limner/contract';
import type { JobContext, PictureResult } from '../../embedded/job.ts';
import { PaintModel } from '../../starter/paint/model.ts';
import { LoraTrainer, type TrainingExample } from '../../starter/paint/train-step.ts';
import { examplesOf, type GivenPicture } from './examples.ts';
import { plainRow, type SheetJob, sheetOf } from './sheet.ts';
import { readCheckpoint, readStyleFile, writeCheckpoint, writeStyleFile } from './style-file.ts';

const CHECKPOINT_EVERY = 25;
const SAMPLES_EVERY = 50;
const WARM_UP_STEPS = 10;
/** Of the rate, at the end. */
const LAST_RATE = 0.1;

export interface TrainJob extends SheetJob {
  pictures: GivenPicture[];
  params: TrainingParams;
  checkpoint: Uint8Array | null;
}

export interface TrainSamplesJob extends SheetJob {
  lora: Uint8Array;
}

export type TrainNews =
  | { kind: 'step'; step: number; loss: number }
  | { kind: 'checkpoint'; step: number; checkpoint: Uint8Array };

/** The style's file comes as `made`, the sheet as the picture. */
export async function train(job: TrainJob, ctx: JobContext): Promise<PictureResult> {
  const trainer = await LoraTrainer.open(job.modelsDir, job.seed);
  try {
    const model = await PaintModel.open(job.modelsDir);
    const pool = await examplesOf(job.pictures, model, ctx.signal);
    const above = await plainRow(job, ctx.signal);
    await takeSteps(trainer, pool, job, above, ctx);
    const adapter = trainer.adapter();
    const png = await sheetOf(job, adapter, above, ctx.signal);
    const { triggerWords, params, pictures } = job;
    const facts = { base: trainer.base, steps: params.steps, triggerWords, pictures: pictures.length };
    return { png, summary: NOTHING_TO_SAY, details: {}, made: writeStyleFile(adapter, facts) };
  } finally {
    await trainer.close();
  }
}

export async function trainSamples(job: TrainSamplesJob, ctx: JobContext): Promise<PictureResult> {
  const file = readStyleFile(job.lora);
  if (!file) throw new StudioError('weights_damaged', { data: { file: 'LoRA' } });
  const png = await sheetOf(job, file.adapter, await plainRow(job, ctx.signal), ctx.signal);
  return { png, summary: NOTHING_TO_SAY, details: {} };
}

async function takeSteps(
  trainer: LoraTrainer,
  pool: TrainingExample[],
  job: TrainJob,
  above: Buffer[],
  ctx: JobContext,
): Promise<void> {
  const { steps, learning_rate } = job.params;
  const saved = job.checkpoint && readCheckpoint(job.checkpoint, trainer.base);
  if (saved) trainer.restore(saved);
  for (let step = (saved?.step ?? 0) + 1; step <= steps; step++) {
    if (ctx.signal.aborted) {
      tellCheckpoint(trainer, ctx);
      ctx.signal.throwIfAborted();
    }
    const loss = await trainer.step(pool, { learningRate: learning_rate * schedule(step, steps) });
    ctx.tell?.({ kind: 'step', step, loss } satisfies TrainNews);
    if (step % CHECKPOINT_EVERY === 0 || step === steps) tellCheckpoint(trainer, ctx);
    if (step % SAMPLES_EVERY === 0 && step < steps) {
      ctx.preview(await sheetOf(job, trainer.adapter(), above, ctx.signal), 'image/png');
    }
  }
}

function tellCheckpoint(trainer: LoraTrainer, ctx: JobContext): void {
  const state = trainer.state();
  const checkpoint = writeCheckpoint(state, trainer.base);
  ctx.tell?.({ kind: 'checkpoint', step: state.step, checkpoint } satisfies TrainNews);
}

/** Up over the first steps, then straight down. */
const schedule = (step: number, steps: number): number =>
  Math.min(1, step / WARM_UP_STEPS) * (1 - (1 - LAST_RATE) * (step / steps));

/** Whoever asked tells it better. */
const NOTHING_TO_SAY: Bilingual = { en: '', zh: '' };
