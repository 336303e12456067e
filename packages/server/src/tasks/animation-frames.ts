/** The frames of an animation, checked when its task is created. */
import { MAX_ANIMATION_FRAMES, type RecipeAnimation, type Size, StudioError } from '@limner/contract';
import { otherSize } from '../engines/animation/frame-source.ts';
import { MAX_GIF_FPS } from '../engines/animation/gif.ts';
import { sheetLayout } from '../engines/animation/sheet-layout.ts';

/** @throws StudioError `animation_empty`, `animation_too_long` */
export function refuseFrameCount(count: number, field: string): void {
  if (count === 0) throw new StudioError('animation_empty', { field });
  if (count > MAX_ANIMATION_FRAMES)
    throw new StudioError('animation_too_long', { data: { count, limit: MAX_ANIMATION_FRAMES }, field });
}

/**
 * What can be known before the frames are read: those that are trimmed may make a smaller sheet.
 * @param frames 0 × 0 for an unknown size
 * @throws StudioError `animation_sizes`, `animation_rate`, `sheet_too_large`
 */
export function refuseUnplayable(animation: RecipeAnimation, frames: readonly Size[]): void {
  if (animation.format === 'gif' && animation.fps > MAX_GIF_FPS)
    throw new StudioError('animation_rate', { data: { limit: MAX_GIF_FPS }, field: 'animation.fps' });
  const [first] = frames;
  if (!first || first.width === 0) return;
  const other = frames.findIndex(({ width, height }) => width !== first.width || height !== first.height);
  if (other !== -1) throw otherSize(first, other, frames[other] as Size);
  if (animation.format !== 'sheet' || animation.trim) return;
  const scale = Math.min(1, (animation.max_side ?? Infinity) / Math.max(first.width, first.height));
  const side = (px: number) => Math.max(1, Math.round(px * scale));
  sheetLayout(frames.length, { width: side(first.width), height: side(first.height) }, animation);
}
