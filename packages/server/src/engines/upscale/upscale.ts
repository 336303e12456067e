import { StudioError } from '@limner/contract';
import type { PictureResult } from '../embedded/job.ts';
import type { EnlargerName } from './models.ts';

export interface UpscaleJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  model: EnlargerName;
  factor: 2 | 3 | 4;
  picture: Buffer;
}

export async function upscale(job: UpscaleJob): Promise<PictureResult> {
  throw new StudioError('unsupported', { data: { family: job.model, reason: '' } });
}
