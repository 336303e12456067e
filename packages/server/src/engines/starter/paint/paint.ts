import { StudioError } from '@limner/contract';
import type { PictureResult } from '../../embedded/job.ts';

export interface PaintJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  prompt: string;
  seed: number;
  width: number;
  height: number;
  steps: number;
  guidance: number;
  /** Share of the start picture that is painted anew, 0…1. */
  denoise: number;
  /** The user's picture for img2img; null: a library drawing guides. */
  start: Buffer | null;
}

export async function paint(job: PaintJob): Promise<PictureResult> {
  throw new StudioError('nothing_recognised', { data: { words: [job.prompt] } });
}
