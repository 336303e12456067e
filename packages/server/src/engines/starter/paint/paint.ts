/** The *paint* job: the small model paints 128 × 128 pixels over a guide, and the sharpener enlarges the result. */
import sharp from 'sharp';
import type { JobContext, PictureResult } from '../../embedded/job.ts';
import { encodePng, type Pixels } from '../../embedded/picture.ts';
import { canvasPixels, fitted } from './canvas.ts';
import { type DetailMaker, detailHere } from './detail.ts';
import { type Guide, guideFor } from './guide.ts';
import { CANVAS_PX, PaintModel } from './model.ts';
import type { PaintJob } from './paint-job.ts';
import { seamless } from './seamless.ts';
import { sharpened } from './sharpen.ts';
import { withinShape } from './within-shape.ts';

const SHARE_OF_PAINTING = 0.8;

export async function paint(
  job: PaintJob,
  ctx: JobContext,
  makeDetail: DetailMaker = detailHere,
): Promise<PictureResult> {
  const model = await PaintModel.open(job.modelsDir);
  const guide = await guideFor({ job, model, makeDetail, signal: ctx.signal });
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
  const planes = await model.decode(latent);
  const [large] = await Promise.all([
    sharpened(planes, guide.detail, Math.max(job.width, job.height), job.modelsDir),
    encodePng(canvasPixels(planes)).then((preview) => ctx.preview(preview, 'image/png')),
  ]);
  ctx.signal.throwIfAborted();
  const [shape, texture] = [await guide.shape?.(), await guide.texture?.()];
  const within = shape ? await withinShape(large, shape, job) : large;
  const painted = texture ? await seamless(within, texture, job) : within;
  // The network's alpha dips where it is unsure; over a picture without transparency that would be holes.
  if (job.start && (await isOpaque(job.start))) fillAlpha(painted);
  const png = await fitted(painted, job);
  ctx.progress(1);
  return { png, summary: guide.summary, details: detailsOf(job, guide) };
}

const isOpaque = async (picture: Buffer): Promise<boolean> => (await sharp(picture).stats()).isOpaque;

function fillAlpha({ rgba }: Pixels): void {
  for (let at = 3; at < rgba.length; at += 4) rgba[at] = 255;
}

function detailsOf(job: PaintJob, guide: Guide): Record<string, unknown> {
  const { steps, guidance } = job;
  return { hand: 'paint', steps, guidance, denoise: guide.denoise, painted_px: CANVAS_PX, ...guide.details };
}
