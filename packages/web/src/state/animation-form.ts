/** What the dialog for animations asks, and what is made of it. Pure. */
import {
  type AnimationFormat,
  type AnimationInput,
  isSheetTooLarge,
  MAX_ANIMATION_FRAMES,
  MAX_GIF_FPS,
  MAX_SHEET_PIXELS,
  MAX_SHEET_SIDE_PX,
  rateOfEvery,
  reducedSize,
  type SheetLayout,
  type Size,
  sheetLayout,
} from '@limner/contract';
import i18next from 'i18next';
import type { AnimationFrame, AnimationSource } from './animation-choice.ts';

export interface AnimationForm {
  format: AnimationFormat;
  name: string;
  /** Numbers of the first and the last frame, from 1. */
  from: number;
  to: number;
  /** 2: every second frame. */
  every: number;
  /** null: so that a video keeps its speed, otherwise a usual one. */
  fps: number | null;
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

const USUAL_FPS = 12;

export const formFor = ({ name, frames }: AnimationSource): AnimationForm => ({
  format: 'sheet',
  name,
  from: 1,
  to: frames.length,
  every: 1,
  fps: null,
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

/** Frames per second. */
export const rateOf = ({ fps }: AnimationSource, form: Pick<AnimationForm, 'fps' | 'every'>): number =>
  form.fps ?? (fps === null ? USUAL_FPS : rateOfEvery(fps, form.every));

export function requestOf(source: AnimationSource, form: AnimationForm): Omit<AnimationInput, 'frames'> {
  const { format, loop, maxSide, cutOut, trim, lossless, quality } = form;
  const name = form.name.trim();
  return {
    format,
    ...(name === '' ? {} : { name }),
    fps: rateOf(source, form),
    loop,
    max_side: maxSide,
    cut_out: cutOut,
    trim,
    quality: hasQuality(format) && !lossless ? quality : null,
    ...(format === 'sheet' ? sheetFields(form) : {}),
  };
}

const sheetFields = ({ columns, padding, powerOfTwo }: AnimationForm) => ({
  columns,
  padding,
  power_of_two: powerOfTwo,
});

export const hasQuality = (format: AnimationFormat): boolean => format === 'webp' || format === 'webm';

export interface Expected {
  /** Of a frame, before transparent edges are left out; null: not known. */
  size: Size | null;
  /** Of a sheet whose frames' size is known. */
  sheet: SheetLayout | null;
}

/** What the chosen frames become. */
export function expected(chosen: readonly ChosenFrame[], form: AnimationForm): Expected {
  const frameSize = chosen[0]?.frame.size ?? null;
  const size = frameSize && reducedSize(frameSize, form.maxSide);
  const isSheet = form.format === 'sheet' && size && chosen.length <= MAX_ANIMATION_FRAMES;
  return { size, sheet: isSheet ? sheetLayout(chosen.length, size, sheetFields(form)) : null };
}

/** Why the server would refuse the frames, with what helps; null: nothing that is known here. */
export function frameProblem(chosen: readonly ChosenFrame[], form: AnimationForm): string | null {
  const { t } = i18next;
  const count = chosen.length;
  if (count === 0) return t('animation.noFrames');
  if (count > MAX_ANIMATION_FRAMES) return t('animation.tooMany', { count, max: MAX_ANIMATION_FRAMES });
  const other = chosen.find(({ frame: { size } }) => isOtherSize(size, chosen[0]?.frame.size ?? null));
  if (other) return t('animation.otherSize', { number: other.at + 1 });
  const { sheet } = expected(chosen, form);
  // Without its transparent edges it may fit.
  if (!sheet || form.trim || !isSheetTooLarge(sheet)) return null;
  const { width, height } = sheet;
  const size = t('composer.sizeOf', { width, height });
  return t('animation.sheetTooLarge', { size, side: MAX_SHEET_SIDE_PX, limit: MAX_SHEET_PIXELS / 1e6 });
}

const isOtherSize = (size: Size | null, first: Size | null): boolean =>
  size !== null && first !== null && (size.width !== first.width || size.height !== first.height);

export function rateProblem(format: AnimationFormat, fps: number): string | null {
  return format === 'gif' && fps > MAX_GIF_FPS ? i18next.t('animation.gifRate', { max: MAX_GIF_FPS }) : null;
}
