import { StudioError } from '@limner/contract';
import type { PictureResult } from '../embedded/job.ts';

export interface CutoutJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  /** A choice of the family, or a name that only a ComfyUI server has. */
  model: string;
  /** Path of the user's ONNX file when `model` names one. */
  userModel: string | null;
  picture: Buffer;
}

export async function cutout(job: CutoutJob): Promise<PictureResult> {
  throw new StudioError('unsupported', { data: { family: job.model, reason: '' } });
}
