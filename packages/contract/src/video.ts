/** Videos: what they begin with, and their length in frames and seconds. */
import type { Family } from './family.ts';
import type { Recipe } from './recipe.ts';
import { fitSide } from './size-of-input.ts';
import type { VideoType } from './video-type.ts';

type Limits = NonNullable<Family['video']>;

/** From words alone, from its first frame, or between its first and its last frame. */
export function videoTypeOf({ input_image, video }: Pick<Recipe, 'input_image' | 'video'>): VideoType {
  if (video?.end_image) return 'first_last';
  return input_image ? 'image_to_video' : 'text_to_video';
}

/** The nearest number of frames that the family makes: its least and whole steps beyond. */
export function fitFrames(frames: number, { min, max, step }: Limits['frames']): number {
  return min + fitSide(frames - min, { min: 0, max: max - min, step });
}

/** A second at 16 frames each is 17 of them where 4n + 1 are made: the first one is shown at 0 s. */
export const framesIn = (seconds: number, fps: number, frames: Limits['frames']): number =>
  fitFrames(seconds * fps, frames);

/** Frames and rate of a recipe, where they are not given those of the family. */
export function videoLength(
  { frames: own, fps: rate }: Limits,
  video: Pick<NonNullable<Recipe['video']>, 'frames' | 'seconds' | 'fps'> | null,
): { frames: number; fps: number; seconds: number } {
  const fps = video?.fps ?? rate.default;
  const asked = video?.frames ?? (video?.seconds == null ? own.default : video.seconds * fps);
  const frames = fitFrames(asked, own);
  return { frames, fps, seconds: frames / fps };
}
