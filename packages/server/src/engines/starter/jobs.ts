/** Kinds of embedded job; types alone, so that naming one loads none of its code. */
import type { TiledAxes } from '@limner/contract';
import { jobKind } from '../embedded/job.ts';
import type { ComposeJob } from './compose/compose.ts';
import type { ControlPreviewJob } from './control-preview.ts';
import type { PaintJob } from './paint/paint-job.ts';
import type { RepaintJob } from './repaint/repaint.ts';
import type { ToneJob } from './tone/tone.ts';

/** Done to the finished picture. */
interface Tiled {
  /** The axes along which opposite edges must meet; absent or null: none. */
  tileable?: TiledAxes | null;
}

export const COMPOSE = jobKind<Omit<ComposeJob, 'signal'> & Tiled>('compose');
export const PAINT = jobKind<PaintJob & Tiled>('paint');
export const REPAINT = jobKind<RepaintJob>('repaint');
export const TONE = jobKind<ToneJob>('tone');
export const CONTROL_PREVIEW = jobKind<ControlPreviewJob>('controlPreview');
