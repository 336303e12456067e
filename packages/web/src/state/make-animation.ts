/** Makes the task of an animation. Frames that only a video has are read by the browser and uploaded first. */
import type { AnimationInput } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../api/api.ts';
import type { AnimationFrame, AnimationSource } from './animation-choice.ts';
import { notify } from './notices.ts';
import { showPicture } from './shown-picture.ts';
import { attempt } from './task-actions.ts';
import { receiveTask } from './tasks.ts';
import { readFrames } from './video-frame.ts';

export interface Making {
  signal: AbortSignal;
  /** Frames of the video that are read and uploaded. */
  onRead(done: number): void;
}

/** False: it was stopped, or a sentence says why it failed. */
export async function makeAnimation(
  { task, video }: Pick<AnimationSource, 'task' | 'video'>,
  chosen: { at: number; frame: AnimationFrame }[],
  how: Omit<AnimationInput, 'frames' | 'source_task_id' | 'priority'>,
  { signal, onRead }: Making,
): Promise<boolean> {
  let isMade = false;
  await attempt(async () => {
    const frames = chosen.flatMap(({ frame: { ref } }) => ref ?? []);
    if (video) {
      const files = readFrames(
        video,
        chosen.map(({ at }) => at),
        how.name ?? 'frame',
        signal,
      );
      for await (const file of files) {
        if (!file) {
          notify({ text: i18next.t('video.frameFailed'), tone: 'problem' });
          return;
        }
        frames.push((await api.call('upload', { file, fileName: file.name })).id);
        onRead(frames.length);
      }
    }
    if (signal.aborted) return;
    const made = await api.call('animate', { body: { ...how, frames, source_task_id: task } });
    receiveTask(made);
    isMade = true;
    notify({
      text: i18next.t('animation.started'),
      tone: 'news',
      action: { label: i18next.t('animation.show'), run: () => showPicture({ task: made.id, frame: 0 }) },
    });
  });
  return isMade;
}
