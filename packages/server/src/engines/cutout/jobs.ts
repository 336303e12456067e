/** Kinds of embedded job; types alone, so that naming one loads none of its code. */
import { jobKind } from '../embedded/job.ts';
import type { CutoutJob } from './cutout.ts';
import type { UnmixJob } from './unmix.ts';

export const CUTOUT = jobKind<CutoutJob>('cutout');
export const UNMIX = jobKind<UnmixJob>('unmix');
