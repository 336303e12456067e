import type { Bilingual } from '@limner/contract';
import type { JobContext } from '../../embedded/job.ts';
import type { Pixels } from '../../embedded/picture.ts';

export interface Made {
  picture: Pixels;
  summary: Bilingual;
  details?: Record<string, unknown>;
}

/** One thing that is done to the whole picture; what it does outside the mask is not kept. */
export type Step = (picture: Pixels, ctx: JobContext) => Promise<Made>;
