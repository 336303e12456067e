/** The *paint* hand: the small model paints 128 × 128 pixels after a guide, and what it painted is enlarged. */
import type { JobContext, PictureResult } from '../../embedded/job.ts';
import { encodePng, type Pixels, rawRgba } from '../../embedded/picture.ts';
import { enlarge } from '../../upscale/enlarge.ts';
import { openEnlargers } from '../../upscale/models.ts';
import { canvasPixels, fitted } from './canvas.ts';
import type { PaintControl } from './control.ts';
import { type Guide, guideFor } from './guide.ts';
import { CANVAS_PX, PaintModel } from './model.ts';

export interface PaintJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  prompt: string;
  seed: number;
  width: number;
  height: number;
  steps: number;
  guidance: number;
  /** Share of the picture it follows that is painted anew, 0…1. */
  denoise: number;
  /** The user's picture for img2img; null: a library drawing guides. */
  start: Buffer | null;
  control: PaintControl | null;
  /** A trained style's adapter, as strong as it shall be. */
  lora: Float32Array | null;
}

const SHARE_OF_PAINTING = 0.6;

export async function paint(job: PaintJob, ctx: JobContext): Promise<PictureResult> {
  const model = await PaintModel.open(job.modelsDir);
  const guide = await guideFor(job, model, ctx.signal);
  const latent = await model.sample({
    prompt: job.prompt,
    style: 'any',
    seed: job.seed,
    steps: job.steps,
    guidance: job.guidance,
    start: guide.start,
    denoise: guide.denoise,
    hints: guide.hints,
    lora: job.lora,
    signal: ctx.signal,
    onStep: (done) => ctx.progress((SHARE_OF_PAINTING * done) / job.steps),
  });
  const small = canvasPixels(await model.decode(latent));
  ctx.preview(await encodePng(small), 'image/png');
  const large = await enlargeTo(Math.max(job.width, job.height), small, job, ctx);
  return { png: await fitted(large, job), summary: guide.summary, details: detailsOf(job, guide) };
}

/**
 * A square of the given side. The small network makes the first four-fold (what was painted is too soft for the larger
 * one to show), what lies beyond is plain resampling; then the blur that this leaves in the outline is taken back.
 */
async function enlargeTo(sidePx: number, small: Pixels, job: PaintJob, ctx: JobContext): Promise<Pixels> {
  const factor = Math.min(4, Math.ceil(sidePx / CANVAS_PX));
  const progress = (fraction: number): void =>
    ctx.progress(SHARE_OF_PAINTING + (1 - SHARE_OF_PAINTING) * fraction);
  const enlargers = await openEnlargers(job.modelsDir, 'slim', factor);
  const large =
    factor === 1 ? small : await enlarge(small, enlargers, { factor, signal: ctx.signal, progress });
  const { data, info } = await rawRgba(large)
    .resize(sidePx, sidePx)
    .raw()
    .toBuffer({ resolveWithObject: true });
  steepenAlpha(data, Math.max(1, sidePx / CANVAS_PX / 2));
  return { width: info.width, height: info.height, rgba: data };
}

/** Makes the ramp from transparent to opaque shorter by the given factor, around its middle. */
function steepenAlpha(rgba: Buffer, by: number): void {
  for (let at = 3; at < rgba.length; at += 4) {
    rgba[at] = Math.min(255, Math.max(0, Math.round(((rgba[at] as number) - 127.5) * by + 127.5)));
  }
}

function detailsOf(job: PaintJob, guide: Guide): Record<string, unknown> {
  const { steps, guidance } = job;
  return { hand: 'paint', steps, guidance, denoise: guide.denoise, painted_px: CANVAS_PX, ...guide.details };
}
