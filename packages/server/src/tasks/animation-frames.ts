/** The frames of an animation, checked when its task is created. */
import {
  MAX_ANIMATION_FRAMES,
  MAX_GIF_FPS,
  type RecipeAnimation,
  reducedSize,
  type Size,
  StudioError,
} from '@limner/contract';
import { fittingSheet } from '../engines/animation/fitting-sheet.ts';
import { otherSize } from '../engines/animation/frame-source.ts';

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
  fittingSheet(frames.length, reducedSize(first, animation.max_side), animation);
}
