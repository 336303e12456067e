/** The job behind the upscale family. */
import { StudioError } from '@limner/contract';
import type { JobContext, PictureResult } from '../embedded/job.ts';
import { decode, encodePng } from '../embedded/picture.ts';
import { enlarge } from './enlarge.ts';
import { type EnlargerName, openEnlargers } from './models.ts';

/** 64 megapixels: 256 MB while it is made. */
const MOST_PIXELS = 64_000_000;

export interface UpscaleJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  model: EnlargerName;
  factor: 2 | 3 | 4;
  picture: Buffer;
}

export async function upscale(job: UpscaleJob, ctx: JobContext): Promise<PictureResult> {
  const { factor, model } = job;
  const source = await decode(job.picture);
  const [width, height] = [source.width * factor, source.height * factor];
  if (width * height > MOST_PIXELS) {
    throw new StudioError('too_many_pixels', {
      data: { width, height, limit: MOST_PIXELS / 1e6 },
      field: 'factor',
    });
  }
  const enlargers = await openEnlargers(job.modelsDir, model, factor);
  const result = await enlarge(source, enlargers, { factor, signal: ctx.signal, progress: ctx.progress });
  return {
    png: await encodePng(result),
    summary: {
      en: `Enlarged ${factor} times with the built-in ESRGAN network (${model}), from ${source.width} × ${source.height}.`,
      zh: `使用内置 ESRGAN 网络（${model}）由 ${source.width} × ${source.height} 放大 ${factor} 倍。`,
    },
    details: { model: `esrgan-${model}`, factor, source: { width: source.width, height: source.height } },
  };
}
