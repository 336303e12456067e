/** The training itself, as a job of the embedded process: pictures in, steps with samples on the way, a style's file out. */
import type { Bilingual } from '@limner/contract';
import type { JobContext, PictureResult } from '../../embedded/job.ts';
import { PaintModel } from '../../starter/paint/model.ts';
import { LoraTrainer } from '../../starter/paint/train-step.ts';
import { writeStyleFile } from '../../starter/style-file.ts';
import { examplesOf, type GivenPicture } from './examples.ts';
import { plainRow, type SheetJob, sheetOf } from './sheet.ts';
import { type StarterParams, takeSteps } from './steps.ts';

export interface TrainJob extends SheetJob {
  pictures: GivenPicture[];
  params: StarterParams;
  checkpoint: Uint8Array | null;
}

/** The style's file comes as `made`, the sheet as the picture. */
export async function train(job: TrainJob, ctx: JobContext): Promise<PictureResult> {
  const { modelsDir, pictures, params, checkpoint, triggerWords } = job;
  const trainer = await LoraTrainer.open(modelsDir, job.seed);
  try {
    const pool = await examplesOf(pictures, await PaintModel.open(modelsDir), ctx.signal);
    const above = await plainRow(job, ctx.signal);
    const sheet = () => sheetOf(job, trainer.adapter(), above, ctx.signal);
    const onSample = async () => ctx.preview(await sheet(), 'image/png');
    await takeSteps(trainer, { pool, params, checkpoint, onSample }, ctx);
    const facts = { base: trainer.base, steps: params.steps, triggerWords, pictures: pictures.length };
    const made = writeStyleFile(trainer.adapter(), facts);
    return { png: await sheet(), summary: NO_SUMMARY, details: {}, made };
  } finally {
    await trainer.close();
  }
}

/** The engine that sent the job writes the summary. */
const NO_SUMMARY: Bilingual = { en: '', zh: '' };
