/** The length of a video in frames and their rate, fixed when its task is created. Pure. */
import {
  type Bilingual,
  type Family,
  fitFrames,
  type Recipe,
  type RecipeVideo,
  StudioError,
  videoLength,
} from '@limner/contract';

type Limits = NonNullable<Family['video']>;

/** @throws StudioError `invalid_request` for a length or rate that the family does not make */
export function videoFor({ video: limits, label }: Family, { kind, video }: Recipe): RecipeVideo | null {
  if (kind !== 'video' || !limits) return null;
  const fps = video?.fps ?? limits.fps.default;
  if (fps < limits.fps.min || fps > limits.fps.max) throw rateRefused(label, limits);
  const asked = askedFrames(video, fps);
  if (asked !== null && asked >= limits.frames.max + limits.frames.step)
    throw tooLong(label, limits, fps, video?.seconds == null ? 'frames' : 'seconds');
  const { frames } = videoLength(limits, video);
  const { end_image = null, keep_frames = false } = video ?? {};
  return { end_image, frames, seconds: null, fps, keep_frames };
}

const askedFrames = (video: RecipeVideo | null, fps: number): number | null =>
  video?.frames ?? (video?.seconds == null ? null : video.seconds * fps);

/** Says that a number of frames was changed to one that the family makes; null: it was not. */
export function lengthNote({ video: limits }: Family, { video }: Recipe): Bilingual | null {
  const asked = video?.frames;
  if (!limits || asked == null || fitFrames(asked, limits.frames) === asked) return null;
  const { frames, seconds } = videoLength(limits, video);
  const { min, step } = limits.frames;
  return {
    en: `It makes ${min} frames and ${step} more at a time: this video has ${frames}, which are ${shown(seconds)} seconds.`,
    zh: `帧数为 ${min} 加 ${step} 的倍数：本视频为 ${frames} 帧，即 ${shown(seconds)} 秒。`,
  };
}

function tooLong(label: Bilingual, { frames }: Limits, fps: number, field: 'frames' | 'seconds') {
  const seconds = shown(frames.max / fps);
  const reason = {
    en: `is longer than ${label.en} makes: at most ${frames.max} frames, which are ${seconds} seconds at ${fps} frames per second`,
    zh: `超出「${label.zh}」的上限：最多 ${frames.max} 帧，以每秒 ${fps} 帧计为 ${seconds} 秒`,
  };
  return new StudioError('invalid_request', { data: { reason }, field: `video.${field}` });
}

function rateRefused(label: Bilingual, { fps }: Limits): StudioError {
  const { min, max } = fps;
  const reason =
    min === max
      ? {
          en: `must be ${min}, the only rate of ${label.en}`,
          zh: `必须为 ${min}，「${label.zh}」仅支持该帧率`,
        }
      : { en: `must be ${min} to ${max} for ${label.en}`, zh: `对「${label.zh}」须为 ${min} 至 ${max}` };
  return new StudioError('invalid_request', { data: { reason }, field: 'video.fps' });
}

/** Without zeros at the end. */
const shown = (seconds: number): string => String(Number(seconds.toFixed(2)));
