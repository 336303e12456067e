/** The options for pictures whose style is taken, of commands that paint. */
import { MAX_STYLE_IMAGES, type StyleImage } from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from './connect.ts';
import { CliError, EXIT } from './exit-code.ts';
import { each, fraction } from './options.ts';
import { assertPicture, pictureRef } from './picture-ref.ts';
import type { Words } from './words.ts';

export interface StyleImageOptions {
  styleImage?: string[];
  /** In the order of the pictures; one for all. */
  styleStrength?: number[];
}

export const addStyleImageOptions = (command: Command, words: Words): Command =>
  command
    .option('--style-image <picture>', words.help.styleImage(MAX_STYLE_IMAGES), each(String))
    .option('--style-strength <n>', words.help.styleStrength, each(fraction(words, '--style-strength')));

/** Before a server is looked for. */
export async function assertStyleImages(
  { styleImage = [], styleStrength = [] }: StyleImageOptions,
  words: Words,
): Promise<void> {
  if (styleImage.length > MAX_STYLE_IMAGES)
    throw new CliError(words.usage.tooManyStyleImages(MAX_STYLE_IMAGES), EXIT.usage);
  if (styleStrength.length > 1 && styleStrength.length !== styleImage.length)
    throw new CliError(words.usage.styleStrengths(), EXIT.usage);
  if (styleStrength.length > 0 && styleImage.length === 0)
    throw new CliError(words.usage.styleStrengths(), EXIT.usage);
  for (const picture of styleImage) await assertPicture(picture, words);
}

export async function styleImagesOf(
  { styleImage = [], styleStrength = [] }: StyleImageOptions,
  connection: Connection,
  words: Words,
): Promise<{ style_images?: StyleImage[] }> {
  if (styleImage.length === 0) return {};
  const style_images: StyleImage[] = [];
  for (const [index, picture] of styleImage.entries()) {
    const strength = styleStrength[index] ?? styleStrength[0] ?? null;
    style_images.push({ image: await pictureRef(picture, connection, words), strength });
  }
  return { style_images };
}
