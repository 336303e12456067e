/**
 * The *paint* hand. The small model draws 128 × 128 pixels; alone it knows colours better than shapes, so it is always
 * given something to follow: the user's picture, or what the *compose* hand would draw for the same prompt and seed.
 * What it painted is then enlarged.
 */
import type { Bilingual } from '@limner/contract';
import type { JobContext, PictureResult } from '../../embedded/job.ts';
import { decode, encodePng, type Pixels, rawRgba } from '../../embedded/picture.ts';
import { enlarge } from '../../upscale/enlarge.ts';
import { openEnlargers } from '../../upscale/models.ts';
import { compose } from '../compose/compose.ts';
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
}

interface Guide {
  rgba: Buffer;
  summary: Bilingual;
  details: Record<string, unknown>;
}

const SHARE_OF_PAINTING = 0.6;

export async function paint(job: PaintJob, ctx: JobContext): Promise<PictureResult> {
  const model = await PaintModel.open(job.modelsDir);
  const guide = job.start ? await pictureGuide(job.start, job) : await libraryGuide(job, ctx.signal);
  const followed = await model.encode(guide.rgba);
  const latent = await model.sample({
    prompt: job.prompt,
    style: 'any',
    seed: job.seed,
    steps: job.steps,
    guidance: job.guidance,
    start: followed,
    denoise: job.denoise,
    reference: followed,
    signal: ctx.signal,
    onStep: (done) => ctx.progress((SHARE_OF_PAINTING * done) / job.steps),
  });
  const small = { width: CANVAS_PX, height: CANVAS_PX, rgba: await model.decode(latent) };
  ctx.preview(await encodePng(small), 'image/png');
  const large = await enlargeTo(Math.max(job.width, job.height), small, job, ctx);
  return { png: await fitted(large, job), summary: guide.summary, details: detailsOf(job, guide) };
}

async function pictureGuide(picture: Buffer, job: PaintJob): Promise<Guide> {
  return {
    rgba: await onCanvas(picture, job),
    summary: {
      en: 'Painted by the small built-in model (experimental) over your picture.',
      zh: '由内置小模型（实验性）在你的图片基础上绘制。',
    },
    details: {},
  };
}

async function libraryGuide(job: PaintJob, signal: AbortSignal): Promise<Guide> {
  const { prompt, seed } = job;
  // Drawn larger than needed: shrinking gives softer edges, which the model was trained on.
  const [width, height] = scaledTo(2 * CANVAS_PX, job);
  const { png, summary, details } = await compose({ prompt, seed, width, height, signal });
  return {
    rgba: await onCanvas(png, job),
    summary: {
      en: `Painted by the small built-in model (experimental), guided by a library drawing: ${summary.en}`,
      zh: `由内置小模型（实验性）参照图库图形绘制：${summary.zh}`,
    },
    details: { guide: details },
  };
}

/** The asked shape with its longer side as given. */
function scaledTo(longerPx: number, { width, height }: PaintJob): [width: number, height: number] {
  const scale = longerPx / Math.max(width, height);
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** A picture in the middle of the square canvas, as large as the asked shape allows. */
async function onCanvas(picture: Buffer, job: PaintJob): Promise<Buffer> {
  const background = { r: 0, g: 0, b: 0, alpha: 0 };
  const [width, height] = scaledTo(CANVAS_PX, job);
  const shaped = rawRgba(await decode(picture)).resize(width, height, { fit: 'contain', background });
  const { data, info } = await shaped.raw().toBuffer({ resolveWithObject: true });
  const [left, top] = [(CANVAS_PX - width) >> 1, (CANVAS_PX - height) >> 1];
  const [right, bottom] = [CANVAS_PX - width - left, CANVAS_PX - height - top];
  return rawRgba({ rgba: data, width: info.width, height: info.height })
    .extend({ left, top, right, bottom, background })
    .raw()
    .toBuffer();
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

/** The middle of the square, in the asked shape. */
async function fitted(square: Pixels, { width, height }: PaintJob): Promise<Buffer> {
  const [left, top] = [(square.width - width) >> 1, (square.height - height) >> 1];
  return rawRgba(square).extract({ left, top, width, height }).png().toBuffer();
}

function detailsOf(job: PaintJob, guide: Guide): Record<string, unknown> {
  const { steps, guidance, denoise } = job;
  return { hand: 'paint', steps, guidance, denoise, painted_px: CANVAS_PX, ...guide.details };
}
