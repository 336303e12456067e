/** What the dialog for animations asks, and what is made of it. Pure. */
import type { AnimationFormat, AnimationInput, Size } from '@limner/contract';
import type { AnimationFrame, AnimationSource } from './animation-choice.ts';

export interface AnimationForm {
  format: AnimationFormat;
  name: string;
  /** Numbers of the first and the last frame, from 1. */
  from: number;
  to: number;
  /** 2: every second frame. */
  every: number;
  fps: number;
  loop: boolean;
  maxSide: number | null;
  cutOut: boolean;
  trim: boolean;
  lossless: boolean;
  quality: number;
  columns: number | null;
  padding: number;
  powerOfTwo: boolean;
}

/** Players show shorter times than two hundredths of a second for ten. */
export const MAX_GIF_FPS = 50;

export const formFor = ({ name, frames, fps }: AnimationSource): AnimationForm => ({
  format: 'sheet',
  name,
  from: 1,
  to: frames.length,
  every: 1,
  fps,
  loop: true,
  maxSide: null,
  cutOut: false,
  trim: false,
  lossless: true,
  quality: 85,
  columns: null,
  padding: 2,
  powerOfTwo: false,
});

export interface ChosenFrame {
  /** Its position in the source, from 0. */
  at: number;
  frame: AnimationFrame;
}

export const chosenFrames = (
  { frames }: AnimationSource,
  { from, to, every }: Pick<AnimationForm, 'from' | 'to' | 'every'>,
): ChosenFrame[] =>
  frames
    .map((frame, at) => ({ at, frame }))
    .filter(({ at }) => at >= from - 1 && at < to && (at - from + 1) % every === 0);

export const requestOf = ({
  format,
  name,
  fps,
  loop,
  maxSide,
  cutOut,
  trim,
  lossless,
  quality,
  columns,
  padding,
  powerOfTwo,
}: AnimationForm): Omit<AnimationInput, 'frames'> => ({
  format,
  ...(name.trim() === '' ? {} : { name: name.trim() }),
  fps,
  loop,
  max_side: maxSide,
  cut_out: cutOut,
  trim,
  quality: hasQuality(format) && !lossless ? quality : null,
  ...(format === 'sheet' ? { columns, padding, power_of_two: powerOfTwo } : {}),
});

export const hasQuality = (format: AnimationFormat): boolean => format === 'webp' || format === 'webm';

/** Before transparent edges are left out. */
export function reducedSize({ width, height }: Size, maxSide: number | null): Size {
  const scale = Math.min(1, (maxSide ?? Infinity) / Math.max(width, height));
  const side = (px: number) => Math.max(1, Math.round(px * scale));
  return { width: side(width), height: side(height) };
}
