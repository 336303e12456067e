/** Kinds of embedded job; types alone, so that naming one loads none of its code. */
import { jobKind } from '../embedded/job.ts';
import type { ComposeJob } from './compose/compose.ts';
import type { ControlPreviewJob } from './control-preview.ts';
import type { PaintJob } from './paint/paint-job.ts';

export const COMPOSE = jobKind<Omit<ComposeJob, 'signal'>>('compose');
export const PAINT = jobKind<PaintJob>('paint');
export const CONTROL_PREVIEW = jobKind<ControlPreviewJob>('controlPreview');
