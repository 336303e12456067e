/** Frames of a task by their index. Deleted pictures leave gaps, so an index is not a list position. */
import { type Frame, isPictureType, type Output, shownOutputs, type Task } from '@limner/contract';
import type { PictureRef } from './picture-ref.ts';

type Frames = Pick<Task, 'frames'>;

const shownPictures = ({ outputs }: Frame): Output[] =>
  shownOutputs(outputs).filter(({ media_type }) => isPictureType(media_type));

/** The same frame returns the same objects, so that nothing renders again. */
const split = new WeakMap<Frame, Frame[]>();

/** A frame as its pictures: each is the frame with one of its outputs. With one output it is the frame itself. */
function picturesIn(frame: Frame): Frame[] {
  const known = split.get(frame);
  if (known) return known;
  const pictures = shownPictures(frame);
  const made = pictures.length < 2 ? [frame] : pictures.map((output) => ({ ...frame, output }));
  split.set(frame, made);
  return made;
}

/** The pictures of a task in order: finished ones, and frames without one. */
export const picturesOf = (task: Frames): Frame[] => task.frames.flatMap(picturesIn);

export const refTo = ({ id }: Pick<Task, 'id'>, frame: Frame): PictureRef => {
  const ref = { task: id, frame: frame.index };
  return frame.output && shownPictures(frame).length > 1 ? { ...ref, place: frame.output.place } : ref;
};

/** A key unique among the pictures of a task. */
export const pictureKey = ({ index, output }: Frame): string => `${index}_${output?.place ?? 0}`;

/** The number of a picture: 3, or 3.2 if its frame has several outputs. */
export const pictureNumber = (frame: Frame): number | string =>
  shownPictures(frame).length < 2 ? frame.index + 1 : `${frame.index + 1}.${(frame.output?.place ?? 0) + 1}`;

export function frameAt(task: Frames | null | undefined, index: number, place?: number): Frame | undefined {
  const frame = task?.frames.find((each) => each.index === index);
  if (!frame) return undefined;
  const pictures = picturesIn(frame);
  return place === undefined || pictures.length === 1
    ? pictures[0]
    : pictures.find(({ output }) => output?.place === place);
}

/** The frame itself or, if deleted, the next one. */
export const nearestFrame = (
  task: Frames | null | undefined,
  { frame, place }: Pick<PictureRef, 'frame' | 'place'>,
): Frame | undefined =>
  frameAt(task, frame, place) ??
  task?.frames.filter(({ index }) => index >= frame).flatMap(picturesIn)[0] ??
  task?.frames.at(-1);

/** Its position among the remaining ones, from 1: the n of "n of total". */
export const placeAmong = (task: Frames, frame: Frame): number =>
  picturesOf(task).findIndex((each) => pictureKey(each) === pictureKey(frame)) + 1;
