import {
  type GenerateInput,
  MAX_BATCH,
  MAX_REFERENCES,
  type Outpaint,
  type Seed,
  type Size,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { findStyle } from '../find-style.ts';
import { outpaint, seed, size, wholeNumber } from '../options.ts';
import { addParamOption, type ParamOptions, paramsOf } from '../params.ts';
import { assertPicture, pictureRef } from '../picture-ref.ts';
import {
  addStyleImageOptions,
  assertStyleImages,
  type StyleImageOptions,
  styleImagesOf,
} from '../style-images.ts';
import { addWorkOptions, makeOne, type WorkOptions } from '../work.ts';

interface EditOptions extends WorkOptions, StyleImageOptions, ParamOptions {
  prompt: string;
  count: number;
  seed?: Seed;
  size?: Size;
  style?: string;
  mask?: string;
  outpaint?: Outpaint;
}

export function addEdit(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words;
  const command = program
    .command('edit')
    .description(help.edit)
    .argument('<picture...>', help.references(MAX_REFERENCES))
    .requiredOption('-p, --prompt <text>', help.instruction)
    .option('-n, --count <n>', help.count, wholeNumber(words, '--count', 1, MAX_BATCH), 1)
    .option('--seed <n>', help.seed, seed(words, '--seed'))
    .option('--size <WxH>', help.size, size(words))
    .option('--family <id>', help.family)
    .option('--style <name>', help.style)
    .option('--mask <picture>', help.mask)
    .option('--outpaint <sides>', help.outpaint, outpaint(words, '--outpaint'));
  addWorkOptions(addParamOption(addStyleImageOptions(command, words), context), words).action(
    async (pictures: string[], options: EditOptions) => done(await edit(pictures, options, context)),
  );
}

/** All pictures together are one task. */
async function edit(pictures: string[], options: EditOptions, context: Context): Promise<ExitCode> {
  const { words } = context;
  if (pictures.length > MAX_REFERENCES)
    throw new CliError(words.usage.tooManyPictures(MAX_REFERENCES), EXIT.usage);
  const inpaints = options.mask !== undefined || options.outpaint !== undefined;
  if (inpaints && pictures.length > 1)
    throw new CliError(words.usage.onePicture(options.outpaint ? '--outpaint' : '--mask'), EXIT.usage);
  for (const picture of [...pictures, ...(options.mask ? [options.mask] : [])])
    await assertPicture(picture, words);
  await assertStyleImages(options, words);
  return makeOne(options, context, async (connection) => {
    const { images, ...body } = await requestOf(pictures, options, connection, context);
    if (!inpaints) return connection.client.call('edit', { body: { ...body, images } });
    return connection.client.call('generate', {
      body: { ...body, ...(await inpainting(images, options, connection, context)) },
    });
  });
}

/** The first picture is repainted where the mask is white, and around it. */
async function inpainting(
  [input_image]: string[],
  { mask, outpaint }: EditOptions,
  connection: Connection,
  { words }: Context,
): Promise<Pick<GenerateInput, 'type' | 'input_image' | 'mask_image' | 'outpaint'>> {
  const mask_image = mask === undefined ? undefined : await pictureRef(mask, connection, words);
  return { type: 'inpaint', input_image, mask_image, outpaint };
}

async function requestOf(pictures: string[], options: EditOptions, connection: Connection, context: Context) {
  const { words } = context;
  const { prompt, count, seed, size, family, style } = options;
  const style_id = style === undefined ? undefined : (await findStyle(style, connection.client, words)).id;
  const images: string[] = [];
  for (const picture of pictures) images.push(await pictureRef(picture, connection, words));
  const styled = await styleImagesOf(options, connection, words);
  const params = await paramsOf(options, connection, context);
  return { prompt, images, batch_size: count, seed, family, style_id, params, ...styled, ...size };
}
