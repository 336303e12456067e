/** Kinds of embedded job; types alone, so that naming one loads none of its code. */
import { jobKind } from '../embedded/job.ts';
import type { CutoutJob } from './cutout.ts';

export const CUTOUT = jobKind<CutoutJob>('cutout');
