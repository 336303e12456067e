/** What the dialog for animations is open for: pictures in their order, or a video whose frames the browser reads. */
import {
  isPictureType,
  mayBePicture,
  type Output,
  type Size,
  type Task,
  type TaskListItem,
} from '@limner/contract';
import { create } from 'zustand';
import { picturesOf } from './frames.ts';

export interface AnimationFrame {
  /** Of a picture: its id or its address. null: the browser reads it when the animation is made. */
  ref: string | null;
  /** Of the picture, for the preview; null: only the video has it. */
  url: string | null;
  /** Pixels; null: not known. */
  size: Size | null;
}

export interface AnimationSource {
  /** Suggested, as a file name. */
  name: string;
  task: number | null;
  frames: AnimationFrame[];
  /** Of the video, which keeps its speed; null: pictures, which have no rate of their own. */
  fps: number | null;
  /** The video that the browser reads frames without a picture from. */
  video: { url: string; fps: number } | null;
}

export const useAnimation = create<{ source: AnimationSource | null }>(() => ({ source: null }));

export const chooseAnimation = (source: AnimationSource): void => useAnimation.setState({ source });
export const endAnimation = (): void => useAnimation.setState({ source: null });

const ofOutput = ({ id, url, width, height }: Output): AnimationFrame => ({
  ref: id,
  url,
  size: width > 0 ? { width, height } : null,
});

/** Of a batch: its finished pictures. */
export function animationOfTask(task: Task, name: string): AnimationSource {
  const outputs = picturesOf(task).flatMap(({ output }) =>
    output && isPictureType(output.media_type) ? [output] : [],
  );
  return { name, task: task.id, frames: outputs.map(ofOutput), fps: null, video: null };
}

/** Of a video: its kept frames, or as many as it has at its rate. */
export function animationOfVideo(
  task: Task,
  { output, outputs, fps, name }: { output: Output; outputs: Output[]; fps: number; name: string },
): AnimationSource {
  const stills = outputs.filter(({ role }) => role === 'still');
  const total = Math.max(1, Math.round(((output.duration_ms ?? 0) / 1000) * fps));
  const unread = { ...ofOutput(output), ref: null, url: null };
  const frames = stills.length > 0 ? stills.map(ofOutput) : Array.from({ length: total }, () => unread);
  const video = stills.length > 0 ? null : { url: output.url, fps };
  return { name, task: task.id, frames, fps, video };
}

/** Of chosen tasks, the oldest first. */
export function animationOfTasks(tasks: TaskListItem[], name: string): AnimationSource {
  const frames = tasks
    .toSorted((a, b) => a.id - b.id)
    .flatMap(({ output_paths }) => output_paths.filter(mayBePicture))
    .map((url) => ({ ref: url, url, size: null }));
  return { name, task: null, frames, fps: null, video: null };
}
