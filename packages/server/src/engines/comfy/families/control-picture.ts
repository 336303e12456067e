import type { FrameRecipe, Size } from '@limner/contract';
import type { Link } from '../graph.ts';
import type { Painting } from './model.ts';
import { loadPicture, pictureOf, scaledTo } from './pictures.ts';
import { preprocess } from './preprocessors.ts';

/** The control picture is first cropped to the output's aspect ratio, so that the preview shows what is used. */
export function controlPicture(
  { b, inputs, info }: Pick<Painting, 'b' | 'inputs' | 'info'>,
  size: Size,
  { image, type }: NonNullable<FrameRecipe['controlnet']>,
): Link {
  const picture = loadPicture(b, pictureOf(inputs, image), 'control picture');
  const fitted = scaledTo(b, picture, size, 'control to output size');
  return preprocess(b, type, fitted, size, info);
}
