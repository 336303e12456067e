/** Kinds of embedded job; types alone, so that naming one loads none of its code. */
import { jobKind } from '../embedded/job.ts';
import type { UpscaleJob } from './upscale.ts';

export const UPSCALE = jobKind<UpscaleJob>('upscale');
