/** Steps through the frames of a video, and takes the one that is shown as a picture. */
import type { Output, Task } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../api/api.ts';
import { composeInput, pictureOfUpload } from './draft/draft.ts';
import { whileUploading } from './draft/uploads.ts';
import { notify } from './notices.ts';
import { attempt } from './task-actions.ts';

/** Where nothing says the rate, a step is as long as a frame of a film. */
const USUAL_FPS = 24;

/** Frames per second: of the file, or else as was asked for; null: neither says. */
export const knownFps = (
  { recipe }: Pick<Task, 'recipe'>,
  output: Pick<Output, 'fps'> | null,
): number | null => output?.fps ?? recipe.video?.fps ?? recipe.animation?.fps ?? null;

export const fpsOf = (task: Pick<Task, 'recipe'>, output: Pick<Output, 'fps'> | null): number =>
  knownFps(task, output) ?? USUAL_FPS;

/** The frame at a time, from 0. Frames are shown from their start on, which a time a little before still means. */
export const frameIndex = (seconds: number, fps: number): number => Math.floor(seconds * fps + 0.01);

/** Shows another frame and stops there, if the file is loaded. The middle of a frame is the same one in every browser. */
export function stepFrame(video: HTMLVideoElement, fps: number, by: number): void {
  video.pause();
  if (!Number.isFinite(video.duration)) return;
  const last = Math.max(0, Math.round(video.duration * fps) - 1);
  const wanted = Math.min(last, Math.max(0, frameIndex(video.currentTime, fps) + by));
  video.currentTime = (wanted + 0.5) / fps;
}

/** The shown frame, without loss, as the input picture of the form. False: the browser cannot read it. */
export async function takeFrame(video: HTMLVideoElement, name: string): Promise<boolean> {
  const file = await frameFile(video, name);
  if (!file) {
    notify({ text: i18next.t('video.frameFailed'), tone: 'problem' });
    return false;
  }
  let isTaken = false;
  await whileUploading(() =>
    attempt(async () => {
      const input = pictureOfUpload(await api.call('upload', { file, fileName: file.name }));
      composeInput(input);
      notify({ text: i18next.t('video.frameUsed'), tone: 'news' });
      isTaken = true;
    }),
  );
  return isTaken;
}

/**
 * The frames of a video at these positions, from 0, without loss, one after the other. It ends early when the signal is
 * aborted, and with null where the browser cannot read the video.
 */
export async function* readFrames(
  { url, fps }: { url: string; fps: number },
  positions: readonly number[],
  name: string,
  signal: AbortSignal,
): AsyncGenerator<File | null> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  const here = happened(video, 'loadeddata');
  // Otherwise a canvas may not read the frames where a bucket sends the file.
  video.crossOrigin = 'anonymous';
  video.src = url;
  try {
    let isReadable = await here;
    for (const at of positions) {
      if (signal.aborted || !isReadable) break;
      const shown = happened(video, 'seeked');
      video.currentTime = Math.min((at + 0.5) / fps, video.duration);
      const file = (await shown)
        ? await frameFile(video, `${name}_${String(at).padStart(4, '0')}.png`)
        : null;
      isReadable = file !== null;
      if (file) yield file;
    }
    if (!isReadable) yield null;
  } finally {
    video.removeAttribute('src');
    video.load();
  }
}

/** False: the browser cannot read the video. */
const happened = (video: HTMLVideoElement, event: 'seeked' | 'loadeddata'): Promise<boolean> =>
  new Promise((resolve) => {
    video.addEventListener(event, () => resolve(true), { once: true });
    video.addEventListener('error', () => resolve(false), { once: true });
  });

async function frameFile(video: HTMLVideoElement, name: string): Promise<File | null> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob && new File([blob], name, { type: 'image/png' });
}
