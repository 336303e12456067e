/** Pictures in a graph: loading, scaling to a working size, and the models' sizes. */
import { type ErrorCode, type Size, StudioError } from '@limner/contract';
import type { GraphBuilder, Link } from '../graph.ts';
import type { UploadedInput, UploadedInputs } from './family.ts';

export interface Picture extends Size {
  image: Link;
  /** 1 − alpha; all zero where the file has no alpha. */
  mask: Link;
}

export interface SizeLimits {
  /** With `default_height` the default size; a picture's shape is kept at its area. */
  default: number;
  /** Absent: the same as the width. */
  default_height?: number;
  min: number;
  max: number;
  step: number;
  /** Sizes that the model was trained on, besides the default. */
  liked?: Size[];
}

/** Sizes and the same on end. */
export const bothWays = (...sizes: [number, number][]): Size[] =>
  sizes.flatMap(([long, short]) => [
    { width: long, height: short },
    { width: short, height: long },
  ]);

export function loadPicture(b: GraphBuilder, input: UploadedInput, title: string): Picture {
  const node = b.add('LoadImage', title, { image: input.name });
  return { image: node.out(0), mask: node.out(1), width: input.width, height: input.height };
}

/** A missing picture is refused, because image to image would otherwise become text to image. */
export function pictureOf(
  inputs: UploadedInputs,
  id: string | null,
  otherwise: ErrorCode = 'input_image_missing',
): UploadedInput {
  const input = id === null ? undefined : inputs.get(id);
  if (!input) throw new StudioError(otherwise);
  return input;
}

/** Scaled to cover the size and cropped evenly, or stretched. No node is added if it fits already. */
export function scaledTo(
  b: GraphBuilder,
  picture: Picture,
  size: Size,
  title: string,
  crop: 'center' | 'disabled' = 'center',
): Link {
  if (picture.width === size.width && picture.height === size.height) return picture.image;
  return b
    .add('ImageScale', title, {
      image: picture.image,
      upscale_method: 'lanczos',
      width: size.width,
      height: size.height,
      crop,
    })
    .out();
}

/** The requested size, or the input's aspect ratio at the model's default area; sides are rounded to its step. */
export function workingSize(
  asked: { width: number | null; height: number | null },
  input: Size | null,
  limits: SizeLimits,
): Size {
  const snap = (side: number) => snapped(side, limits);
  const { width, height } = asked;
  const ratio = input ? input.width / input.height : 1;
  if (width && height) return { width: snap(width), height: snap(height) };
  if (width) return { width: snap(width), height: snap(width / ratio) };
  if (height) return { width: snap(height * ratio), height: snap(height) };
  const { default: own, default_height = own } = limits;
  if (!input) return { width: snap(own), height: snap(default_height) };
  const side = Math.sqrt(own * default_height);
  return { width: snap(side * Math.sqrt(ratio)), height: snap(side / Math.sqrt(ratio)) };
}

function snapped(side: number, { min, max, step }: SizeLimits): number {
  return Math.min(max, Math.max(min, Math.round(side / step) * step));
}
