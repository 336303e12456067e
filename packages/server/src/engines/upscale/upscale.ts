/** The job behind the upscale family. */
import type { Bilingual } from '@limner/contract';
import type { JobContext, PictureResult } from '../embedded/job.ts';
import { decode, encodePng, type Pixels } from '../embedded/picture.ts';
import { refuseLargeResult } from '../upscale-limit.ts';
import { enlarge } from './enlarge.ts';
import { type EnlargerName, type MethodName, openEnlargers } from './models.ts';
import { isPixelArt, repeated } from './pixel-art.ts';

export interface UpscaleJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  model: MethodName;
  factor: 2 | 3 | 4;
  picture: Buffer;
}

export async function upscale(job: UpscaleJob, ctx: JobContext): Promise<PictureResult> {
  const source = await decode(job.picture);
  refuseLargeResult(source, job.factor);
  const method = job.model === 'auto' ? (isPixelArt(source) ? 'pixel' : 'thick') : job.model;
  const result =
    method === 'pixel' ? repeated(source, job.factor) : await byNetwork(method, source, job, ctx);
  return {
    png: await encodePng(result),
    summary: summaryOf(method, job, source),
    details: {
      model: method === 'pixel' ? 'nearest-neighbour' : `esrgan-${method}`,
      asked: job.model,
      factor: job.factor,
      source: { width: source.width, height: source.height },
    },
  };
}

async function byNetwork(
  name: EnlargerName,
  source: Pixels,
  { modelsDir, factor }: UpscaleJob,
  ctx: JobContext,
): Promise<Pixels> {
  const enlargers = await openEnlargers(modelsDir, name, factor);
  return enlarge(source, enlargers, { factor, signal: ctx.signal, progress: ctx.progress });
}

function summaryOf(
  method: EnlargerName | 'pixel',
  { model, factor }: UpscaleJob,
  { width, height }: Pixels,
): Bilingual {
  if (method !== 'pixel')
    return {
      en: `Enlarged ${factor} times with the built-in ESRGAN network (${method}), from ${width} × ${height}.`,
      zh: `使用内置 ESRGAN 网络（${method}）由 ${width} × ${height} 放大 ${factor} 倍。`,
    };
  const why =
    model === 'auto'
      ? {
          en: ' The picture was recognised as pixel art. Use "thick" or "slim" for a network instead.',
          zh: '判断为像素画；如需使用网络，可选 thick 或 slim。',
        }
      : { en: '', zh: '' };
  return {
    en: `Enlarged ${factor} times by repeating each pixel, from ${width} × ${height}; every colour is as it was.${why.en}`,
    zh: `逐像素重复，由 ${width} × ${height} 放大 ${factor} 倍，颜色保持不变。${why.zh}`,
  };
}
